import { expect, test } from 'vitest'
import { ManualTimers } from '../../../test/support/manual-timers.ts'
import { testSpec } from '../../../test/support/test-spec.ts'
import type { OutputState } from '../../engine/ipc.ts'
import { createLogger } from '../../log.ts'
import type { Task } from '../../store/task.ts'
import type { CallbackEvent } from '../../trtc/callbacks/callback-event.ts'
import { RelayReporter } from './relay-reporter.ts'

const url = 'rtmp://host/live/key'
const other = 'rtmp://host/live/other'

interface Info {
  readonly EventMsTs: number
  readonly UserId: string
  readonly Payload: { readonly Url: string; readonly Status: number; readonly ErrorMsg?: string }
}

function setUp({ told = null as string | null, untold = [] as Task[] } = {}) {
  const timers = new ManualTimers()
  const startedAt = timers.now()
  const infos: Info[] = []
  const kept = new Map<string, string | null>()
  const subjects = new Set<string>()
  const reporter = new RelayReporter({
    store: {
      relayStatuses: {
        find: async (id: string) => kept.get(id) ?? told,
        untold: async (at: number) => (at < startedAt - 29_000 ? untold : []),
      },
    } as never,
    events: {
      record: ({ info }: CallbackEvent, about) => {
        infos.push(info as Info)
        subjects.add(about.subject)
      },
      keepStatuses: (taskId, text) => void kept.set(taskId, text),
    },
    timers,
    log: createLogger('test', 'silent'),
  })
  const spec = testSpec()
  const task = {
    id: 'task-1',
    appId: spec.room.appId,
    spec: { ...spec, outputs: [url, other].map((one) => ({ url: one, billing: 'third-party-cdn' as const })) },
  } as unknown as Task
  const output = (state: OutputState, error: string | null = null, which = url): void =>
    reporter.output(task.id, { url: which, state, error, changedAt: timers.now() })
  const statuses = (which = url): string =>
    infos
      .filter(({ Payload }) => Payload.Url === which)
      .map(({ Payload }) => Payload.Status)
      .join('')
  return { timers, reporter, task, output, statuses, infos, kept, subjects }
}

/** Lets what was told before be found. */
const settle = (): Promise<void> => new Promise(setImmediate)

test('started, broken and recovered, removed: the sequences of the spec, with rising times', async () => {
  const { reporter, task, output, statuses, infos, kept } = setUp()
  reporter.claimed(task)
  output('connecting')
  output('running')
  await settle()
  output('recovering', 'The server closed the connection.')
  output('recovering', 'The server refused the connection.')
  output('running')
  output('disconnecting')
  output('idle')
  expect(statuses()).toBe('1232' + '50')
  expect(infos[2]?.Payload.ErrorMsg).toBe('The server closed the connection.')
  expect(infos[3]?.Payload).not.toHaveProperty('ErrorMsg')
  expect(infos[0]?.UserId).toBe(task.spec.robot.userId)
  const times = infos.map(({ EventMsTs }) => EventMsTs)
  expect(new Set(times).size).toBe(times.length)
  expect(times.toSorted((a, b) => a - b)).toEqual(times)
  expect(kept.get(task.id)).toBeNull()
})

test('connecting is told every 5 s for a minute, then failed once; with a later success it runs', async () => {
  const { reporter, task, output, statuses, timers, infos } = setUp()
  reporter.claimed(task)
  await settle()
  output('connecting')
  output('connecting', 'The server refused the connection.')
  for (let second = 0; second < 59; second++) timers.advance(1000)
  expect(statuses()).toBe('1'.repeat(12))
  expect(infos[0]?.Payload).not.toHaveProperty('ErrorMsg')
  expect(infos[1]?.Payload.ErrorMsg).toBe('The server refused the connection.')
  expect((infos[1]?.EventMsTs ?? 0) - (infos[0]?.EventMsTs ?? 0)).toBe(5000)
  timers.advance(1000)
  expect(statuses()).toBe(`${'1'.repeat(12)}4`)
  output('failed', 'The server refused the connection.')
  timers.advance(600_000)
  expect(statuses()).toBe(`${'1'.repeat(12)}4`)
  output('running')
  output('recovering')
  timers.advance(60_000)
  expect(statuses().slice(13)).toBe(`2${'3'.repeat(12)}4`)
  output('disconnecting')
  output('idle')
  expect(statuses().slice(-2)).toBe('40')
})

test('an engine that dies is a push that recovers, without the errors of the one before once it runs', async () => {
  const { reporter, task, output, statuses, timers, infos } = setUp()
  reporter.claimed(task)
  output('connecting')
  output('running')
  await settle()
  reporter.engineLost(task.id, 'The engine ended (code 1).')
  output('connecting')
  timers.advance(5000)
  output('running')
  timers.advance(60_000)
  expect(statuses()).toBe('12332')
  expect(infos[3]?.Payload.ErrorMsg).toBe('The engine ended (code 1).')
})

test('each push has its own sequence and its own subject; secrets stand in none', async () => {
  const { reporter, task, output, statuses, subjects } = setUp()
  reporter.claimed(task)
  await settle()
  output('connecting')
  output('connecting', null, other)
  output('running', null, other)
  reporter.ended(task.id)
  expect([statuses(), statuses(other)]).toEqual(['150', '1250'])
  expect(subjects.size).toBe(2)
  expect([...subjects].join()).not.toMatch(/key|other|rtmp/)
})

test('a server that ends tells of pushes that recover, says no goodbye, and the next one goes on', async () => {
  const first = setUp()
  first.reporter.claimed(first.task)
  await settle()
  first.output('connecting')
  first.output('running')
  first.reporter.left(first.task.id, 'nobody')
  first.output('disconnecting')
  first.output('idle')
  first.timers.advance(60_000)
  expect(first.statuses()).toBe('123')

  const second = setUp({ told: first.kept.get(first.task.id) ?? null })
  second.reporter.claimed(second.task)
  second.output('connecting')
  await settle()
  second.timers.advance(5000)
  second.output('running')
  expect(second.statuses()).toBe('32')
})

test('a server that is killed leaves what it told to the next one', async () => {
  const first = setUp()
  first.reporter.claimed(first.task)
  await settle()
  first.output('connecting')
  first.output('running')
  const second = setUp({ told: first.kept.get(first.task.id) ?? null })
  second.reporter.claimed(second.task)
  second.output('connecting')
  second.output('running')
  await settle()
  expect(second.statuses()).toBe('32')
})

test('a push that was removed while no server told of it is over', async () => {
  const told = JSON.stringify([{ url: 'rtmp://gone/live/key', status: 'running', at: 1, error: null }])
  const { reporter, task, statuses, kept } = setUp({ told })
  reporter.claimed(task)
  await settle()
  expect(statuses('rtmp://gone/live/key')).toBe('50')
  expect(kept.get(task.id)).toBeNull()
})

test('another worker that has the task tells of it alone', async () => {
  const { reporter, task, output, statuses, timers } = setUp()
  reporter.claimed(task)
  await settle()
  output('connecting')
  reporter.left(task.id, 'another')
  output('idle')
  timers.advance(60_000)
  expect(statuses()).toBe('1')
})

test('a task that ended while nobody ran it is told of as ended', async () => {
  const { task } = setUp()
  const told = JSON.stringify([{ url, status: 'recovering', at: 1, error: null }])
  const { reporter, statuses, timers } = setUp({ told, untold: [task] })
  reporter.start()
  await settle()
  expect(statuses()).toBe('50')
  await reporter.close()
  timers.advance(60_000)
  await settle()
  expect(statuses()).toBe('50')
})

test('nothing is told after the end', async () => {
  const { reporter, task, output, statuses, timers } = setUp()
  reporter.claimed(task)
  await settle()
  output('connecting')
  await reporter.close()
  output('running')
  timers.advance(60_000)
  expect(statuses()).toBe('1')
})
