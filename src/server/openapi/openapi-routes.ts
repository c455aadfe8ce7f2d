// `GET /openapi.json`.
import { Hono } from 'hono'
import { openApiDocument } from '../../trtc/openapi/openapi-document.ts'

/** Open to everybody, other sites' pages included: it says nothing of this server. */
export function createOpenApiRoutes(): Hono {
  const document = openApiDocument()
  return new Hono().get('/openapi.json', (context) => context.json(document, 200, { 'Access-Control-Allow-Origin': '*' }))
}
