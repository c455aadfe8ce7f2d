import { expect, test } from 'vitest'
import { callbackBody, type CallbackEvent } from './callback-event.ts'
import { relayEvent } from './relay-event.ts'
import { roomEvent, type RoomNews } from './room-event.ts'
import { callbackSign } from './sign.ts'

const room = { appId: 1400188366, kind: 'number', name: '295066' } as const
const textRoom = { ...room, kind: 'string' } as const
const bodyOf = ({ group, type, info }: CallbackEvent, sentAt = 1622186275913): string =>
  callbackBody(group, type, JSON.stringify(info), sentAt)

test("the vendor's signature vector", () => {
  const body =
    '{\n\t"EventGroupId":\t2,\n\t"EventType":\t204,\n\t"CallbackTs":\t1664209748188,\n\t"EventInfo":\t{\n\t\t"RoomId":\t8489,\n\t\t"EventTs":\t1664209748,\n\t\t"EventMsTs":\t1664209748180,\n\t\t"UserId":\t"user_85034614",\n\t\t"Reason":\t0\n\t}\n}'
  expect(callbackSign('123654', body)).toBe('kkoFeO3Oh2ZHnjtg8tEAQhtXK16/KI05W3BQff8IvGA=')
})

test('the stopped sound of that vector has its members, in its order', () => {
  const event = roomEvent({
    type: 'stopped',
    medium: 'sound',
    room: { ...room, name: '8489' },
    userId: 'user_85034614',
    at: 1664209748180,
  })
  expect(bodyOf(event, 1664209748188)).toBe(
    '{"EventGroupId":2,"EventType":204,"CallbackTs":1664209748188,"EventInfo":{"RoomId":8489,"EventTs":1664209748,"EventMsTs":1664209748180,"UserId":"user_85034614","Reason":0}}',
  )
})

const news = {
  room,
  userId: 'mix_295066',
  taskId: 'task-0001',
  url: 'rtmp://live.example.com/live/s1',
  at: 1622186275900,
  error: null,
} as const

test('401 as in the spec, byte for byte, with its signature', () => {
  const body = bodyOf(relayEvent({ ...news, status: 'running' }))
  expect(body).toBe(
    '{"EventGroupId":4,"EventType":401,"CallbackTs":1622186275913,"EventInfo":{"RoomId":295066,"RoomType":0,"EventTsMs":1622186275900,"EventMsTs":1622186275900,"UserId":"mix_295066","TaskId":"task-0001","Payload":{"Url":"rtmp://live.example.com/live/s1","Status":2}}}',
  )
  expect(Buffer.byteLength(body)).toBe(262)
  expect(callbackSign('EXAMPLECALLBACKKEY', body)).toBe('WNHIbgjyCoP2K9Mvuun5IuIDuIS7WxRBZIDdHHFS1wg=')
})

test('every status has its number; trouble says why, the others never do', () => {
  const payload = (status: Parameters<typeof relayEvent>[0]['status']) =>
    (relayEvent({ ...news, status, error: 'The server refused the connection.' }).info as { Payload: object }).Payload
  const why = { ErrorMsg: 'The server refused the connection.' }
  expect(payload('idle')).toEqual({ Url: news.url, Status: 0 })
  expect(payload('connecting')).toEqual({ Url: news.url, Status: 1, ErrorCode: 1, ...why })
  expect(payload('running')).toEqual({ Url: news.url, Status: 2 })
  expect(payload('recovering')).toEqual({ Url: news.url, Status: 3, ErrorCode: 2, ...why })
  expect(payload('failed')).toEqual({ Url: news.url, Status: 4, ErrorCode: 3, ...why })
  expect(payload('disconnecting')).toEqual({ Url: news.url, Status: 5 })
})

test('a room named by a text is a text, even of digits', () => {
  expect(relayEvent({ ...news, room: textRoom, status: 'idle' }).info).toMatchObject({ RoomId: '295066', RoomType: 1 })
  expect(roomEvent({ type: 'room-dismissed', room: textRoom, at: 1 }).info).toMatchObject({ RoomId: '295066' })
})

const who = { room, at: 1608441737999, userId: 'test' } as const
const instant = '"RoomId":295066,"EventTs":1608441737,"EventMsTs":1608441737999'
const cases: readonly [RoomNews, number, string][] = [
  [{ ...who, type: 'room-created' }, 101, `{${instant},"UserId":"test"}`],
  [{ room, at: who.at, type: 'room-dismissed' }, 102, `{${instant}}`],
  [
    { ...who, type: 'entered', reason: 'voluntary' },
    103,
    `{${instant},"UserId":"test","Role":20,"TerminalType":100,"UserType":1,"Reason":1}`,
  ],
  [
    { ...who, type: 'entered', reason: 'timeout-retry' },
    103,
    `{${instant},"UserId":"test","Role":20,"TerminalType":100,"UserType":1,"Reason":3}`,
  ],
  [{ ...who, type: 'left', reason: 'voluntary' }, 104, `{${instant},"UserId":"test","Role":20,"Reason":1}`],
  [{ ...who, type: 'left', reason: 'timeout' }, 104, `{${instant},"UserId":"test","Role":20,"Reason":2}`],
  [{ ...who, type: 'left', reason: 'removed' }, 104, `{${instant},"UserId":"test","Role":20,"Reason":3}`],
  [{ ...who, type: 'started', medium: 'camera' }, 201, `{${instant},"UserId":"test"}`],
  [{ ...who, type: 'stopped', medium: 'camera' }, 202, `{${instant},"UserId":"test","Reason":0}`],
  [{ ...who, type: 'started', medium: 'sound' }, 203, `{${instant},"UserId":"test"}`],
  [{ ...who, type: 'started', medium: 'screen' }, 205, `{${instant},"UserId":"test"}`],
  [{ ...who, type: 'stopped', medium: 'screen' }, 206, `{${instant},"UserId":"test","Reason":0}`],
]

test.each(cases)('%o is type %d', (given, type, info) => {
  const event = roomEvent(given)
  expect([event.group, event.type, JSON.stringify(event.info)]).toEqual([type < 200 ? 1 : 2, type, info])
})
