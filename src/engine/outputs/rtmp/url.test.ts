import { expect, test } from 'vitest'
import { parseRtmpUrl } from './url.ts'

test.each([
  ['rtmp://h/live/key', { isTls: false, host: 'h', port: 1935, app: 'live', streamKey: 'key', tcUrl: 'rtmp://h/live' }],
  [
    'RTMPS://h.example/live/key',
    { isTls: true, host: 'h.example', port: 443, app: 'live', streamKey: 'key', tcUrl: 'rtmps://h.example/live' },
  ],
  ['rtmp://h:80/a/b/c/d', { isTls: false, host: 'h', port: 80, app: 'a/b', streamKey: 'c/d', tcUrl: 'rtmp://h:80/a/b' }],
  [
    'rtmp://h/live/key?t=a/b&u=%20',
    { isTls: false, host: 'h', port: 1935, app: 'live', streamKey: 'key?t=a/b&u=%20', tcUrl: 'rtmp://h/live' },
  ],
  ['rtmp://[::1]:1936/live/k', { isTls: false, host: '::1', port: 1936, app: 'live', streamKey: 'k', tcUrl: 'rtmp://[::1]:1936/live' }],
])('%s', (url, address) => {
  expect(parseRtmpUrl(url)).toEqual(address)
})

test.each([
  'rtmp://h',
  'rtmp://h/key',
  'rtmp://h/live/',
  'rtmp:///live/secret',
  'http://h/live/secret',
  'rtmp://h:99999/live/secret',
  'rtmp://u:p@h/live/secret',
])('%s is refused without being repeated', (url) => {
  expect(() => parseRtmpUrl(url)).toThrow(/^(?!.*secret).*RTMP address/)
})
