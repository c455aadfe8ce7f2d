// The API as an OpenAPI 3.1 document, made of the schemas that requests are judged by.
import { z } from 'zod'
import { actions, apiVersion, type ActionName } from '../actions/actions.ts'
import { errorCatalogue } from '../errors.ts'
import { actionPages } from './action-pages.ts'
import { schemaRef, toWireSchema } from './json-schema.ts'

const names = Object.keys(actions) as ActionName[]

const header = (name: string, schema: object, description: string, required = false) => ({
  name,
  in: 'header',
  required,
  description,
  schema,
})

const shared = {
  Version: header('X-TC-Version', { const: apiVersion }, 'The one version.', true),
  Timestamp: header('X-TC-Timestamp', { type: 'integer' }, 'Unix seconds, at most five minutes off.', true),
  Region: header('X-TC-Region', { type: 'string' }, 'One of the server’s regions.'),
  Language: header('X-TC-Language', { enum: ['en-US', 'zh-CN'] }, 'Of error messages.'),
  Token: header('X-TC-Token', { type: 'string' }, 'Of a temporary key.'),
}

/**
 * All actions. They share one address: each has a path of its own here only behind `#`, which no client sends, and is
 * told by `X-TC-Action`.
 */
export function openApiDocument(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tributary',
      version: apiVersion,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Every action is a POST to `/`, told by the header `X-TC-Action` and signed with TC3-HMAC-SHA256; the official SDKs do so. ' +
        'Every answer has status 200: a refusal is an `Error` within. Integers may be sent as decimal texts.',
    },
    servers: [{ url: '{endpoint}', variables: { endpoint: { default: 'http://127.0.0.1:8080' } } }],
    security: [{ tc3: [] }],
    tags: [
      { name: 'vendor', description: 'As in the vendor’s API.' },
      { name: 'tributary', description: 'Of this server alone.' },
    ],
    paths: Object.fromEntries(names.map((name) => [`/#${name}`, { post: operation(name) }])),
    components: {
      securitySchemes: {
        tc3: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'A TC3-HMAC-SHA256 signature of the request.' },
      },
      parameters: shared,
      schemas: {
        Error: toWireSchema(refusal),
        ...Object.fromEntries(
          names.flatMap((name) => [
            [name, toWireSchema(actions[name].schema)],
            [`${name}Answer`, answer(name)],
          ]),
        ),
      },
    },
  }
}

const refusal = z.object({
  Error: z.object({ Code: z.enum(Object.keys(errorCatalogue)), Message: z.string() }),
  RequestId: z.uuid(),
})

const answer = (name: ActionName): object => toWireSchema(actionPages[name].answer.extend({ RequestId: z.uuid() }))

function operation(name: ActionName): object {
  const { summary, isOurs = false } = actionPages[name]
  const response = { oneOf: [{ $ref: schemaRef(`${name}Answer`) }, { $ref: schemaRef('Error') }] }
  return {
    operationId: name,
    summary,
    description: `At most ${actions[name].maxPerSec} calls a second and account.`,
    tags: [isOurs ? 'tributary' : 'vendor'],
    parameters: [
      header('X-TC-Action', { const: name }, 'Tells the action.', true),
      ...Object.keys(shared).map((key) => ({ $ref: `#/components/parameters/${key}` })),
    ],
    requestBody: { required: true, content: { 'application/json': { schema: { $ref: schemaRef(name) } } } },
    responses: {
      200: {
        description: 'The answer, or the refusal.',
        content: {
          'application/json': {
            schema: { type: 'object', properties: { Response: response }, required: ['Response'], additionalProperties: false },
          },
        },
      },
    },
  }
}
