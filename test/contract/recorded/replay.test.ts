// What the official SDKs once sent, byte for byte, and what they were answered.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiUnderTest } from '../api-under-test.ts'
import { bodyOf, openRecordedGateway, sendRaw, type Recording } from './recorded-gateway.ts'

const recordings = JSON.parse(readFileSync(new URL('recordings.json', import.meta.url), 'utf8')) as Recording[]
let gateway: ApiUnderTest
beforeAll(async () => void (gateway = await openRecordedGateway()))
afterAll(() => gateway.close())

test('there are recordings of both SDKs and both conventions', () => {
  expect(recordings).toHaveLength(50)
  for (const part of ['mainland', 'international', 'TC3-HMAC-SHA256 POST', 'HmacSHA1 GET', 'HmacSHA256 POST', 'temporary']) {
    expect(recordings.filter(({ name }) => name.includes(part)).length, part).toBeGreaterThan(4)
  }
})

// In order: a task that one starts is what the next one stops.
test.each(recordings)('$name', async ({ request, body }) => {
  const answer = await sendRaw(gateway.url, Buffer.from(request, 'latin1'))
  expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(bodyOf(answer)).toBe(body)
})
