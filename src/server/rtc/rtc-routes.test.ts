import { expect, test, vi } from 'vitest'
import { everyGrant, type Grants } from '../../mix/grants.ts'
import type { UserRef } from '../../mix/room.ts'
import type { RoomsCalls } from '../../rooms/ipc.ts'
import { RoomsUnavailable, type RoomsListener } from './rooms-process.ts'
import { createRtcRoutes } from './rtc-routes.ts'

function setUp(overrides: Partial<RoomsCalls> = {}) {
  const calls = {
    publish: vi.fn(async (_user: UserRef) => ({ sessionId: 's1', answerSdp: 'answer' })),
    play: vi.fn(async () => ({ sessionId: 's2', answerSdp: 'answer' })),
    trickle: vi.fn(async () => 'added' as const),
    close: vi.fn(async () => true),
    list: vi.fn(async () => []),
    ...overrides,
  } as unknown as RoomsCalls
  const listeners = new Set<RoomsListener>()
  const app = createRtcRoutes({
    rooms: () => calls,
    verify: (user, userSig) => (userSig === `sig.${user.userId}` ? { ok: true } : { ok: false, reason: 'has expired' }),
    userIdOf: (userSig) => (userSig.startsWith('sig.') ? userSig.slice(4) : null),
    events: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  })
  return { app, calls, listeners }
}
const post = (userId: string, body = 'v=0', type = 'application/sdp') => ({
  method: 'POST',
  headers: { authorization: `Bearer sig.${userId}`, 'content-type': type },
  body,
})
const whip = '/apps/140/rooms/123/users/alice/whip'

test('publishing answers 201 with the answer, its address and its tag', async () => {
  const { app, calls } = setUp()
  const response = await app.request(whip, post('alice', 'v=0 offer'))
  expect([response.status, await response.text()]).toEqual([201, 'answer'])
  expect(response.headers.get('content-type')).toBe('application/sdp')
  expect(response.headers.get('location')).toBe(`${whip}/sessions/s1`)
  expect(response.headers.get('etag')).toBe('"s1"')
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(response.headers.get('access-control-expose-headers')).toContain('Location')
  expect(calls.publish).toHaveBeenCalledWith(
    { room: { appId: 140, kind: 'number', name: '123' }, userId: 'alice' },
    'camera',
    'v=0 offer',
    everyGrant,
  )
})

test('string rooms and screens have addresses of their own', async () => {
  const { app, calls } = setUp()
  const response = await app.request('/apps/140/str-rooms/a%20b%2Bc/users/alice/whip/screen', post('alice'))
  expect(response.headers.get('location')).toBe('/apps/140/str-rooms/a%20b%2Bc/users/alice/whip/screen/sessions/s1')
  expect(calls.publish).toHaveBeenCalledWith(
    { room: { appId: 140, kind: 'string', name: 'a b+c' }, userId: 'alice' },
    'screen',
    'v=0',
    everyGrant,
  )
})

test('playing is open to whoever has a UserSig of the application', async () => {
  const { app, calls } = setUp()
  expect((await app.request('/apps/140/rooms/1/users/alice/whep/screen', post('bob'))).status).toBe(201)
  expect(calls.play).toHaveBeenCalledWith({ room: { appId: 140, kind: 'number', name: '1' }, userId: 'alice' }, 'screen', 'v=0', everyGrant)
})

test.each([
  ['no authorization', whip, { method: 'POST', headers: { 'content-type': 'application/sdp' }, body: 'v=0' }, 401, 'Authorization must be'],
  ['UserSig of another user', whip, post('bob'), 403, 'UserSig of alice has expired.'],
  [
    'no UserSig',
    '/apps/140/rooms/1/users/alice/whep',
    { ...post('x'), headers: { authorization: 'Bearer x', 'content-type': 'application/sdp' } },
    403,
    'version 2.0',
  ],
  ['wrong content type', whip, post('alice', 'v=0', 'text/plain; charset=utf-8'), 415, 'must be application/sdp (got text/plain)'],
  ['room 0', '/apps/140/rooms/0/users/alice/whip', post('alice'), 404, 'RoomId must be 1 to 4294967294 (got "0")'],
  ['room above the range', '/apps/140/rooms/4294967295/users/alice/whip', post('alice'), 404, 'got "4294967295"'],
  ['text for a number room', '/apps/140/rooms/lobby/users/alice/whip', post('alice'), 404, 'str-rooms'],
  ['user id with a blank', '/apps/140/rooms/1/users/a%20b/whip', post('a b'), 404, 'UserId must be'],
  ['application that is no number', '/apps/x/rooms/1/users/alice/whip', post('alice'), 404, 'SdkAppId must be'],
  ['too large', whip, post('alice', 'v'.repeat(300_000)), 413, 'at most 262144 bytes'],
])('refused: %s', async (_name, path, request, status, message) => {
  const { app } = setUp()
  const response = await app.request(path, request)
  expect(response.status).toBe(status)
  const text = await response.text()
  expect(text).toContain(message)
  expect(text).not.toContain('sig.')
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
})

test('what rooms refuses becomes 400 or 406', async () => {
  const bad = setUp({ publish: async () => ({ refused: 'bad-offer', message: 'SDP offer must begin with v=0.' }) })
  const response = await bad.app.request(whip, post('alice'))
  expect([response.status, await response.text()]).toEqual([400, 'SDP offer must begin with v=0.'])
  const none = setUp({ publish: async () => ({ refused: 'no-common-codec', message: 'x' }) })
  expect((await none.app.request(whip, post('alice'))).status).toBe(406)
})

test('grants go to rooms with the offer; without the one to join nothing else holds', async () => {
  const publish = vi.fn<RoomsCalls['publish']>(async () => ({ refused: 'not-granted', message: 'The user may not send.' }))
  const open = (grants: Grants) => {
    const rooms = () => ({ publish, play: publish }) as unknown as RoomsCalls
    return createRtcRoutes({ rooms, verify: async () => ({ ok: true, grants }), userIdOf: () => 'alice', events: () => () => {} })
  }
  const noVideo = { ...everyGrant, sendVideo: false }
  const refused = await open(noVideo).request(whip, post('alice'))
  expect([refused.status, await refused.text()]).toEqual([403, 'The user may not send.'])
  expect(publish).toHaveBeenCalledExactlyOnceWith(expect.anything(), 'camera', 'v=0', noVideo)
  const outside = open({ ...everyGrant, join: false })
  for (const path of [whip, '/apps/140/rooms/123/users/bob/whep']) {
    const response = await outside.request(path, post('alice'))
    expect([response.status, await response.text()]).toEqual([403, 'UserSig of alice does not give the privilege to join the room.'])
  }
  expect(publish).toHaveBeenCalledOnce()
})

test('clients that arrive are told of with their address until they are answered', async () => {
  const heard: unknown[] = []
  const arriving = (user: UserRef, client: unknown) => {
    heard.push([user.userId, client])
    return () => void heard.push('answered')
  }
  const calls = { publish: async () => heard.push('asked') && { sessionId: 's', answerSdp: '' } } as unknown as RoomsCalls
  const app = createRtcRoutes({ rooms: () => calls, verify: () => ({ ok: true }), userIdOf: () => null, arriving, events: () => () => {} })
  const from = async (remoteAddress: string, forwarded?: string): Promise<unknown> => {
    const { headers, ...request } = post('alice')
    const all = { ...headers, 'user-agent': 'OBS', ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }) }
    await app.request(whip, { ...request, headers: all }, { incoming: { socket: { remoteAddress } } })
    return heard.splice(0)
  }
  const by = (address: string) => [['alice', { address, userAgent: 'OBS' }], 'asked', 'answered']
  expect(await from('192.0.2.1')).toEqual(by('192.0.2.1'))
  expect(await from('192.0.2.1', '203.0.113.9')).toEqual(by('192.0.2.1'))
  expect(await from('::ffff:127.0.0.1', '10.0.0.1, 203.0.113.9')).toEqual(by('203.0.113.9'))
  expect(await from('::1')).toEqual(by('::1'))
})

test('trickling, ending, and what is not there', async () => {
  const { app, calls } = setUp()
  const patch = { ...post('alice', 'a=candidate:1', 'application/trickle-ice-sdpfrag'), method: 'PATCH' }
  expect((await app.request(`${whip}/sessions/s1`, patch)).status).toBe(204)
  expect(calls.trickle).toHaveBeenCalledWith('s1', 'a=candidate:1')
  expect((await app.request(`${whip}/sessions/s1`, { ...patch, headers: { ...patch.headers, 'if-match': '"s1"' } })).status).toBe(204)
  expect((await app.request(`${whip}/sessions/s1`, { ...patch, headers: { ...patch.headers, 'if-match': '"old"' } })).status).toBe(412)
  expect((await app.request(`${whip}/sessions/s1`, { ...post('bob'), method: 'DELETE' })).status).toBe(403)
  expect((await app.request(`${whip}/sessions/s1`, { ...post('alice'), method: 'DELETE' })).status).toBe(200)
  expect(calls.close).toHaveBeenCalledExactlyOnceWith('s1')
  const gone = setUp({ trickle: async () => 'no-session', close: async () => false }).app
  expect((await gone.request(`${whip}/sessions/s1`, patch)).status).toBe(404)
  expect((await gone.request(`${whip}/sessions/s1`, { ...post('alice'), method: 'DELETE' })).status).toBe(404)
  expect((await setUp({ trickle: async () => 'ice-restart' }).app.request(`${whip}/sessions/s1`, patch)).status).toBe(422)
  expect((await app.request(whip)).status).toBe(405)
})

test('browsers may ask first', async () => {
  const response = await setUp().app.request(whip, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://a.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  })
  expect(response.status).toBe(204)
  expect(response.headers.get('access-control-allow-methods')).toContain('PATCH')
  expect(response.headers.get('access-control-allow-headers')).toMatch(/authorization/i)
})

test('while the rooms process restarts, clients are asked to come back', async () => {
  const app = createRtcRoutes({
    rooms: () => {
      throw new RoomsUnavailable()
    },
    verify: () => ({ ok: true }),
    userIdOf: () => 'alice',
    events: () => () => {},
  })
  const response = await app.request(whip, post('alice'))
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2'])
})

test('events begin with a snapshot, tell of this room only, and end with the rooms process', async () => {
  const room = { appId: 140, kind: 'number', name: '123' } as const
  const snapshot = { room, participants: [] }
  const { app, listeners } = setUp({ list: async () => [{ room: { ...room, kind: 'string' }, participants: [] }, snapshot] })
  const response = await app.request('/apps/140/rooms/123/events?userId=bob&userSig=sig.bob')
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader.read()).value).toBe(`event: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`)
  const event = { userId: 'alice', at: 5, type: 'joined', isRobot: false } as const
  for (const listener of listeners) {
    listener.event({ ...event, room: { ...room, kind: 'string' } })
    listener.event({ ...event, room })
  }
  expect((await reader.read()).value).toBe(`event: joined\ndata: ${JSON.stringify({ ...event, room })}\n\n`)
  for (const listener of listeners) listener.down()
  expect((await reader.read()).done).toBe(true)
  await vi.waitFor(() => expect(listeners.size).toBe(0))
  expect((await app.request('/apps/140/rooms/123/events')).status).toBe(401)
  expect((await app.request('/apps/140/rooms/123/events?userId=bob&userSig=sig.eve')).status).toBe(403)
})
