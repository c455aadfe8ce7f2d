import { expect, test } from 'vitest'
import { maskedUrl } from './masked-url.ts'

test.each([
  ['rtmp://live.example.com/live/key?txSecret=abc', 'rtmp://live.example.com/live/***'],
  ['rtmps://live.example.com:1936/live/key', 'rtmps://live.example.com:1936/live/***'],
  ['rtmp://user:password@live.example.com/live/key', '***'],
  ['http://live.example.com/live/key', '***'],
  ['rtmp://live.example.com/key', '***'],
])('%s is shown as %s', (url, shown) => {
  expect(maskedUrl(url)).toBe(shown)
})
