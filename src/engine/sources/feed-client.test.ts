import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FakeFeed } from '../../../test/support/fake-feed.ts'
import { RtpStream } from '../../../test/support/packetize.ts'
import { FeedClient } from './feed-client.ts'

const robot = { room: { appId: 1, kind: 'number', name: '5' }, userId: 'robot' } as const

let feed: FakeFeed
let client: FeedClient | null = null
let log: string[]

beforeEach(async () => {
  feed = new FakeFeed()
  log = []
  feed.entered = () => feed.say({ type: 'entered' })
  await feed.listen()
})

afterEach(async () => {
  client?.close()
  await feed.close()
})

function connect(): FeedClient {
  return (client = new FeedClient({
    address: feed.address,
    taskId: 'task',
    robot,
    userSig: 'signature',
    handler: {
      message: ({ type }) => log.push(type),
      media: (trackId, { sequenceNumber }) => log.push(`media ${trackId} ${sequenceNumber}`),
      lost: () => log.push('lost'),
      removed: (reason, detail) => log.push(`removed ${reason} ${detail}`),
    },
  }))
}

const said = (line: string): Promise<void> => vi.waitFor(() => expect(log).toContain(line), { timeout: 5000, interval: 5 })

test('it enters as the robot, hands on what comes and asks for tracks', async () => {
  const client = connect()
  await said('entered')
  expect(feed.requests).toEqual([{ type: 'enter', taskId: 'task', robot, userSig: 'signature' }])
  feed.media(7, new RtpStream({ sequence: 11 }).frame([Buffer.from('x')], 0)[0]!)
  feed.media(7, Buffer.alloc(20))
  await said('media 7 11')
  client.subscribe(7)
  client.wantSize(7, 640, 360)
  client.requestKeyFrame(7)
  client.unsubscribe(7)
  await vi.waitFor(() => expect(feed.requests.length).toBe(5))
  expect(feed.requests.slice(1).map(({ type }) => type)).toEqual(['subscribe', 'want-size', 'key-frame', 'unsubscribe'])
  expect(log).toEqual(['entered', 'media 7 11'])
})

test('when the rooms process dies it enters again once it is back', async () => {
  connect()
  await said('entered')
  await feed.die()
  await said('lost')
  log.length = 0
  await feed.listen()
  await said('entered')
  expect(feed.connections).toBe(2)
})

test('it waits for a rooms process that is not there yet', async () => {
  await feed.die()
  connect()
  await said('lost')
  await feed.listen()
  await said('entered')
})

test('a rooms process that never answers is left and tried again', async () => {
  feed.entered = () => {}
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    connect()
    await vi.waitFor(() => expect(feed.requests.length).toBe(1))
    vi.advanceTimersByTime(10_000)
    await said('lost')
    await vi.waitFor(() => expect(feed.requests.length).toBe(2))
  } finally {
    vi.useRealTimers()
  }
})

test('once removed it stays away', async () => {
  feed.entered = () => feed.say({ type: 'entered' }, { type: 'removed', reason: 'replaced', detail: 'by task 2' }, { type: 'entered' })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    connect()
    await said('removed replaced by task 2')
    await feed.die()
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
  expect(log).toEqual(['entered', 'removed replaced by task 2'])
  expect(feed.connections).toBe(1)
})

test('a peer that breaks the protocol is left and entered again', async () => {
  connect()
  await said('entered')
  feed.raw(Buffer.from('ffffffff00', 'hex'))
  await said('lost')
  await vi.waitFor(() => expect(feed.connections).toBe(2))
})

test('closed, it says nothing more', async () => {
  const client = connect()
  await said('entered')
  client.close()
  client.close()
  client.subscribe(1)
  await feed.die()
  expect(log).toEqual(['entered'])
})
