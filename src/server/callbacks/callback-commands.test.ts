import { afterEach, expect, test } from 'vitest'
import { openStore, type Store } from '../../store/store.ts'
import { AdminError } from '../admin/admin-command.ts'
import { callbackCommands } from './callback-commands.ts'
import { parseSince } from './parse-since.ts'

const open: Store[] = []
afterEach(async () => {
  for (const store of open.splice(0)) await store.close()
})

async function setUp() {
  const store = await openStore(':memory:', () => 1000)
  open.push(store)
  const commands = callbackCommands({ store, now: () => 60_000 })
  const info = JSON.stringify({ RoomId: 1, TaskId: 'task-1', Payload: { Url: 'rtmp://host/live/secret-key?token=secret', Status: 2 } })
  const event = { appId: 1400188366, family: 'relay', group: 4, type: 401, subject: 'a', taskId: 'task-1', info } as const
  await store.callbacks.add([event], 1000)
  await store.callbacks.add([{ ...event, taskId: 'task-2' }], 2000)
  return { store, run: (name: string, input: unknown) => commands[name]?.(input) }
}

test('lists events without stream keys, newest first', async () => {
  const { run } = await setUp()
  const events = await run('callbacks list', {})
  expect(JSON.stringify(events)).not.toContain('secret')
  expect(events).toEqual([
    expect.objectContaining({ task: 'task-2' }),
    {
      event: expect.any(String),
      at: '1970-01-01T00:00:01.000Z',
      sdkAppId: 1400188366,
      group: 4,
      type: 401,
      task: 'task-1',
      info: { RoomId: 1, TaskId: 'task-1', Payload: { Url: 'rtmp://host/…', Status: 2 } },
      state: 'pending',
      tries: 0,
      nextTryAt: '1970-01-01T00:00:01.000Z',
    },
  ])
  expect(await run('callbacks list', { limit: 1 })).toHaveLength(1)
  expect(await run('callbacks list', { since: 2000 })).toHaveLength(1)
  expect(await run('callbacks list', { state: 'delivered' })).toEqual([])
})

test('replays what is named, and refuses to replay everything by an oversight', async () => {
  const { run, store } = await setUp()
  expect(await run('callbacks replay', { taskId: 'task-1' })).toEqual({ replayed: 1 })
  expect((await store.callbacks.list({ taskId: 'task-1' }, 1))[0]?.dueAt).toBe(60_000)
  await expect(run('callbacks replay', {})).rejects.toThrow('Say which events to send again')
  await expect(run('callbacks replay', { task: 'task-1' })).rejects.toThrow(AdminError)
})

test('since is a time ago or a date', () => {
  const now = Date.parse('2026-11-22T12:00:00Z')
  expect(parseSince('45m', now)).toBe(now - 45 * 60_000)
  expect(parseSince('3d', now)).toBe(now - 3 * 86_400_000)
  expect(parseSince('2026-11-21T00:00:00Z', now)).toBe(Date.parse('2026-11-21T00:00:00Z'))
  expect(parseSince('yesterday', now)).toBeNull()
})
