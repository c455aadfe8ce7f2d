import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import got from 'got'
import { RequestFilteringHttpAgent } from 'request-filtering-agent'
import { expect, test } from 'vitest'

test('the agent judges the target of a redirect too', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(302, { location: `http://127.0.0.2:${(server.address() as AddressInfo).port}/inside` }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  // Only the first hop's address is let through, as if it were a public one.
  const agent = { http: new RequestFilteringHttpAgent({ allowIPAddressList: ['127.0.0.1'] }) }
  const outcome = await got(`http://127.0.0.1:${port}/start`, { agent, retry: { limit: 0 } }).then(
    () => 'fetched',
    (error: Error) => error.message,
  )
  server.close()
  expect(outcome).toContain('127.0.0.2')
  expect(outcome).toContain('not allowed')
  expect(asked).toEqual(['/start'])
})
