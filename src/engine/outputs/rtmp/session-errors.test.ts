import { expect, test } from 'vitest'
import { rejectionText, socketErrorText } from './session-errors.ts'
import { parseRtmpUrl } from './url.ts'

const address = parseRtmpUrl('rtmp://h/live/myStream?txSecret=abc%2Fdef&t=1')

test.each([
  [
    { code: 'NetStream.Publish.BadName', description: 'Already publishing' },
    'The server refused the stream (NetStream.Publish.BadName: Already publishing).',
  ],
  [{ code: 'NetStream.Publish.BadName', description: 'mystream is busy' }, 'The server refused the stream (NetStream.Publish.BadName).'],
  [{ code: 'X', description: 'signature abc/def is wrong' }, 'The server refused the stream (X).'],
  [{ description: 'line\r\nbreak\u0000' }, 'The server refused the stream (line break ).'],
  [null, 'The server refused the stream.'],
  [{ code: 7 }, 'The server refused the stream.'],
])('%j', (info, text) => {
  expect(rejectionText(info, address)).toBe(text)
})

test.each([
  ['ENOTFOUND', 'The host name is not known.'],
  ['ESOMETHING', 'The connection failed (ESOMETHING).'],
])('%s', (code, text) => {
  expect(socketErrorText(Object.assign(new Error('getaddrinfo secret'), { code }))).toBe(text)
})
