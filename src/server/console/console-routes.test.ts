import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { MixSpec } from '../../mix/mix-spec.ts'
import type { TaskView } from '../tasks/tasks.ts'
import { createConsole } from './console-routes.ts'

const room = { appId: 1400188366, kind: 'number', name: '295066' } as const
const spec: MixSpec = {
  room,
  robot: { userId: 'robot', userSig: 'secret-sig' },
  maxIdleSec: 30,
  audio: { encode: { codec: 'aac-lc', sampleRateHz: 48000, channels: 2, bitRateKbps: 64 }, allow: null, block: [] },
  video: null,
  outputs: [
    { url: 'rtmp://127.0.0.1:1935/live/secret-key?txSecret=1', billing: 'vendor-cdn' },
    { url: 'rtmp://example.com/live/other-secret', billing: 'third-party-cdn' },
  ],
}
const task: TaskView = {
  taskId: 'task-1',
  spec,
  state: 'running',
  endReason: null,
  endDetail: null,
  outputs: [{ url: spec.outputs[0]?.url ?? '', state: 'running', changedAt: 5, error: null }],
  createdAt: 1,
  startedAt: 2,
  endedAt: null,
  restarts: 0,
}

const assets = mkdtempSync(join(tmpdir(), 'console-'))
writeFileSync(join(assets, 'index.html'), '<title>Console</title>')

const played: string[] = []
const app = createConsole({
  token: 'right-token',
  sdkAppId: room.appId,
  tasks: { list: async () => [task] },
  latestStats: () => null,
  listRooms: async () => [{ room, participants: [] }],
  origin: {
    keyOf: (url) => (url.includes('127.0.0.1') ? 'secret-key' : null),
    play(key) {
      played.push(key)
      return new Blob(['FLV']).stream()
    },
  },
  issueUserSig: (userId, lifetimeSec) => `sig of ${userId} for ${lifetimeSec}`,
  assets,
})

const cookie = (await app.request('/console/?token=right-token')).headers.get('set-cookie')?.split(';')[0] ?? ''
const get = (path: string) => app.request(path, { headers: { cookie } })

test.each([
  '/console/',
  '/console/index.html',
  '/console/api/tasks',
  '/console/api/rooms',
  '/console/live/task-1/0.flv',
  '/console/?token=wrong',
])('%s is closed without the token', async (path) => {
  const answer = await app.request(path)
  expect(answer.status).toBe(401)
  expect(await answer.text()).not.toContain('secret')
  expect((await app.request(path, { headers: { cookie: 'tributary_console=right-token' } })).status).toBe(401)
})

test('joining is closed without the token too', async () => {
  expect((await app.request('/console/api/join', { method: 'POST', body: '{"userId":"me"}' })).status).toBe(401)
})

test('the token becomes a cookie that scripts and other sites cannot use, and leaves the address', async () => {
  const answer = await app.request('/console/?token=right-token')
  expect(answer.status).toBe(303)
  expect(answer.headers.get('location')).toBe('/console/')
  expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly/)
  expect(answer.headers.get('set-cookie')).toMatch(/SameSite=Strict/)
  expect(answer.headers.get('set-cookie')).not.toContain('right-token')
})

test('pages are served with rules that keep foreign scripts and frames out', async () => {
  const answer = await get('/console/')
  expect(await answer.text()).toContain('Console')
  expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect((await get('/console/%2e%2e/package.json')).status).toBe(404)
})

test('tasks are told without keys and signatures', async () => {
  const text = await (await get('/console/api/tasks')).text()
  expect(text).toContain('task-1')
  expect(text).not.toContain('secret')
  const [summary] = (JSON.parse(text) as { tasks: { outputs: unknown[] }[] }).tasks
  expect(summary?.outputs).toMatchObject([
    { isPlayable: true, state: 'running' },
    { isPlayable: false, state: 'idle' },
  ])
})

test('an output at the embedded origin is played by its number', async () => {
  expect(await (await get('/console/live/task-1/0.flv')).text()).toBe('FLV')
  expect(played).toEqual(['secret-key'])
  for (const path of ['/console/live/task-1/1.flv', '/console/live/task-1/7.flv', '/console/live/task-2/0.flv'])
    expect((await get(path)).status).toBe(404)
})

test('a browser gets a UserSig for the name it asks for, when it is one', async () => {
  const post = (body: string) => app.request('/console/api/join', { method: 'POST', body, headers: { cookie } })
  expect(await (await post('{"userId":"me"}')).json()).toMatchObject({ userSig: 'sig of me for 7200', sdkAppId: room.appId })
  for (const body of ['{"userId":"a/b"}', '{}', 'x', '{"userId":"me","more":1}']) expect((await post(body)).status).toBe(400)
})
