// A running mix as its callbacks tell it, received by a server of the test's own.
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runAdmin } from '../../src/server/admin/run-admin.ts'
import { startCallbackReceiver, type CallbackReceiver } from '../support/callback-receiver.ts'
import { LiveMix, leftHalf, customLayout, mixRequest, tile } from '../support/live-mix.ts'
import { ROOM_ID, startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'

const KEY = 'LIVECALLBACKKEY'

interface Body {
  readonly EventGroupId: number
  readonly EventType: number
  readonly CallbackTs: number
  readonly EventInfo: {
    readonly RoomId: number
    readonly UserId?: string
    readonly TaskId?: string
    readonly EventMsTs: number
    readonly Payload?: { readonly Url: string; readonly Status: number; readonly ErrorMsg?: string }
  }
}

let receiver: CallbackReceiver
let system: LiveSystem
let good: NginxRtmp
let bad: NginxRtmp
let mix: LiveMix

beforeAll(async () => {
  ;[receiver, good, bad] = await Promise.all([startCallbackReceiver(), startNginxRtmp(), startNginxRtmp()])
  system = await startLiveSystem({ callbackUrl: receiver.url, callbackKey: KEY, allowPrivateCallbackAddresses: true })
})
afterAll(async () => {
  await system?.close()
  await Promise.all([receiver?.close(), good?.stop(), bad?.stop()])
})

const bodies = (): Body[] => receiver.received.map(({ body }) => JSON.parse(body) as Body)

/** Events of a user, in the order of their happening. */
const typesOf = (userId: string): number[] =>
  bodies()
    .filter(({ EventGroupId, EventInfo }) => EventGroupId !== 4 && EventInfo.UserId === userId)
    .toSorted((one, other) => one.EventInfo.EventMsTs - other.EventInfo.EventMsTs)
    .map(({ EventType }) => EventType)

/** Statuses of a push, in the order of their happening, repetitions left out. */
const statusesOf = (url: string): string =>
  bodies()
    .flatMap(({ EventInfo: { Payload, EventMsTs } }) => (Payload?.Url === url ? [{ at: EventMsTs, status: Payload.Status }] : []))
    .toSorted((one, other) => one.at - other.at)
    .map(({ status }) => String(status))
    .filter((status, index, all) => status !== all[index - 1])
    .join('')

const soon = (check: () => void, timeout = 5000): Promise<void> => vi.waitFor(check, { timeout, interval: 20 })

test('who joins is told: room, entry, picture, sound', async () => {
  await system.join('left')
  await soon(() => expect(typesOf('left').toSorted((one, other) => one - other)).toEqual([101, 103, 201, 203]))
  expect(typesOf('left').slice(0, 2)).toEqual([101, 103])
  const [first] = bodies()
  expect(first?.EventInfo.RoomId).toBe(Number(ROOM_ID))
})

test('pushes start with 1 → 2; one that breaks and returns is 2 → 3 → 2; one that is removed 2 → 5 → 0', async () => {
  const [goodUrl, badUrl] = [good.url('mix'), bad.url('mix')]
  const layout = { LayoutParams: customLayout(tile('left', leftHalf)) }
  mix = await LiveMix.start(system, mixRequest(system, ROOM_ID, [goodUrl, badUrl], layout))
  await soon(() => expect([statusesOf(goodUrl), statusesOf(badUrl)]).toEqual(['12', '12']), 10_000)
  const relayed = bodies().find(({ EventInfo }) => EventInfo.TaskId !== undefined)
  expect(relayed?.EventInfo).toMatchObject({ RoomId: Number(ROOM_ID), TaskId: mix.taskId, UserId: `mix_${ROOM_ID}` })

  await bad.stop()
  await soon(() => expect(statusesOf(badUrl)).toBe('123'))
  bad = await startNginxRtmp({ port: bad.port })
  await soon(() => expect(statusesOf(badUrl)).toBe('1232'), 10_000)

  await mix.update({ PublishCdnParams: [{ PublishCdnUrl: goodUrl, IsTencentCdn: 0 }] })
  await soon(() => expect(statusesOf(badUrl)).toBe('123250'))
  expect(statusesOf(goodUrl)).toBe('12')
})

test('every callback is signed over its bytes, and robots raise none of their own', () => {
  expect(receiver.received.length).toBeGreaterThan(10)
  for (const { headers, body } of receiver.received) {
    expect(headers).toMatchObject({ 'content-type': 'application/json', sdkappid: String(system.sdkAppId) })
    expect(headers['sign']).toBe(createHmac('sha256', KEY).update(body).digest('base64'))
  }
  expect(typesOf(`mix_${ROOM_ID}`)).toEqual([])
})

test('an engine that is killed, and a server that restarts, are a push that recovers', async () => {
  const url = good.url('mix')
  process.kill(system.server.worker.enginePid(mix.taskId) ?? 0, 'SIGKILL')
  await soon(() => expect(statusesOf(url)).toBe('1232'), 15_000)
  await system.restart()
  await soon(() => expect(statusesOf(url)).toBe('123232'), 15_000)
})

test('what was delivered is sent again by the command line, with a fresh CallbackTs', async () => {
  const dataDir = system.server.config.dataDir
  const before = receiver.received.length
  expect(await runAdmin({ dataDir }, 'callbacks replay', { taskId: mix.taskId, state: 'delivered' })).toMatchObject({
    replayed: expect.any(Number),
  })
  await soon(() => expect(receiver.received.length).toBeGreaterThan(before + 5))
  const again = bodies().slice(before)
  expect(again.every(({ CallbackTs, EventInfo }) => CallbackTs > EventInfo.EventMsTs)).toBe(true)
  const listed = JSON.stringify(await runAdmin({ dataDir }, 'callbacks list', { taskId: mix.taskId }))
  expect(listed).toContain('"type":401')
  expect(listed).not.toContain('/live/mix')
})

test('a task that is stopped ends its pushes with 5 → 0', async () => {
  await mix.stop()
  await soon(() => expect(statusesOf(good.url('mix')).slice(-3)).toBe('250'))
})
