// `tributary api`: the same actions, schemas and errors from the command line.
import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runApi, type ApiCommand } from '../../src/server/api-command/run-api.ts'
import { openApiUnderTest, type ApiUnderTest } from './api-under-test.ts'
import { runnableExample } from './runnable-example.ts'

let api: ApiUnderTest
let dataDir: string
beforeAll(async () => {
  api = await openApiUnderTest()
  dataDir = mkdtempSync(join(tmpdir(), 'tributary-api-'))
  writeFileSync(join(dataDir, 'secrets.json'), JSON.stringify({ secretId: api.secretId, secretKey: api.secretKey }))
})
afterAll(() => api.close())

const run = (action: string, parameters: string[], more: Partial<ApiCommand> = {}) =>
  runApi({ action, parameters, endpoint: api.url, dataDir, ...more }, {})

/** The program itself. */
const program = (...words: string[]) =>
  new Promise<{ code: number | string; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [join(import.meta.dirname, '../../src/main.ts'), ...words], { env: {} }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? 'killed'), stdout, stderr }),
    )
  })

test('a task is started from a file, described with dotted parameters and stopped, by the program itself', async () => {
  const file = join(dataDir, 'start.json')
  writeFileSync(file, JSON.stringify(runnableExample(api, 1)))
  const where = ['--endpoint', api.url, '--data-dir', dataDir]
  const started = await program('api', 'StartPublishCdnStream', '--json', file, ...where)
  expect(started).toMatchObject({ code: 0, stderr: '' })
  const { TaskId } = JSON.parse(started.stdout) as { TaskId: string }
  const named = ['--SdkAppId', String(api.sdkAppId), '--TaskId', TaskId]
  const described = await program('api', 'DescribePublishCdnStream', ...where, ...named)
  expect(JSON.parse(described.stdout)).toMatchObject({ Task: { TaskId }, RequestId: expect.any(String) })
  expect((await program('api', 'StopPublishCdnStream', ...named, ...where)).code).toBe(0)
  const again = await program('api', 'StopPublishCdnStream', ...named, ...where)
  expect(again).toMatchObject({ code: 1, stdout: '' })
  expect(again.stderr).toMatch(/^ResourceNotFound: .*\nWhat to do: DescribePublishCdnStreams lists .*\nRequestId: [0-9a-f-]{36}\n$/)
})

test('what the schema refuses is told before anything is sent', async () => {
  const outcome = await run('StopPublishCdnStream', ['--SdkAppId', 'x', '--TaskId', 't'], { endpoint: 'http://127.0.0.1:9' })
  expect(outcome.output).toBeNull()
  expect(outcome.problem).toMatch(
    /^InvalidParameter: SdkAppId is "x"; it must be an integer .*\nWhat to do: see docs\/reference\/StopPublishCdnStream\.md\.\n$/,
  )
})

test.each([
  [
    'an unknown action',
    'StartPublish',
    {},
    /^InvalidAction: There is no action StartPublish\.\nWhat to do: call one of StartPublishCdnStream, /,
  ],
  [
    'a wrong secret',
    'DescribePublishCdnStreams',
    { secretId: 'x', secretKey: 'wrong' },
    /^AuthFailure\.SecretIdNotFound: .*\nWhat to do: check --secret-id/,
  ],
] as const)('%s', async (_what, action, more, problem) => {
  expect((await run(action, [], more)).problem).toMatch(problem)
})

test('a temporary key is used with its token', async () => {
  const key = api.temporaryKey
  if (key === null) return
  const { token, ...pair } = key
  expect((await run('DescribePublishCdnStreams', [], key)).problem).toBeNull()
  expect((await run('DescribePublishCdnStreams', [], { ...pair, token: `${token}x` })).problem).toMatch(/^AuthFailure\.TokenFailure: /)
})

test('without a key or a server it says what to do', async () => {
  await expect(run('DescribePublishCdnStreams', [], { dataDir: join(dataDir, 'none') })).rejects.toThrow(
    /none\/secrets\.json has none: give --secret-id/,
  )
  await expect(run('DescribePublishCdnStreams', [], { secretId: 'mine' })).rejects.toThrow('--secret-id stands without a secret')
  await expect(run('DescribePublishCdnStreams', [], { endpoint: 'http://127.0.0.1:9' })).rejects.toThrow(
    'No server answers at http://127.0.0.1:9',
  )
  await expect(run('DescribePublishCdnStreams', [], { endpoint: 'nonsense' })).rejects.toThrow('The endpoint is "nonsense"')
})
