import { expect, test } from 'vitest'
import { maskUrls } from './masked-urls.ts'

test.each([
  ['rtmp://push.example.com/live/key?txSecret=abc', 'rtmp://push.example.com/…'],
  ['cannot reach rtmps://user:pass@host:1936/app/key, gave up', 'cannot reach rtmps://host:1936/… gave up'],
  ['https://host?token=1 and http://other/x', 'https://host/… and http://other/…'],
  ['no address here', 'no address here'],
])('%s', (text, masked) => {
  expect(maskUrls(text)).toBe(masked)
})
