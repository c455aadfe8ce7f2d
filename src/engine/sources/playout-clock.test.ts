import { expect, test } from 'vitest'
import { PlayoutClock } from './playout-clock.ts'

const AUDIO = { kind: 'audio', clockRateHz: 48_000, marginMs: 30 } as const
const VIDEO = { kind: 'video', clockRateHz: 90_000, marginMs: 10 } as const

/** A steady, repeatable source of numbers from 0 to 1. */
function randomNumbers(seed = 7): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

test('before any sender report each track goes by its own arrivals', () => {
  const clock = new PlayoutClock()
  const audio = clock.addTrack(AUDIO)
  const video = clock.addTrack(VIDEO)
  for (let at = 0; at < 1000; at += 20) audio.arrived(audio.placeOf(5000 + at * 48), 100 + at)
  for (let at = 0; at < 1000; at += 40) video.arrived(video.placeOf(9000 + at * 90), 150 + at)
  expect(audio.playoutAt(audio.placeOf(5000))).toBeCloseTo(100 + 120, 6)
  expect(video.playoutAt(video.placeOf(9000))).toBeCloseTo(150 + 120, 6)
  expect(audio.placeAt(220)).toBeCloseTo(5000, 6)
})

test('sender reports align sound and picture, whatever way each took', () => {
  const clock = new PlayoutClock()
  const audio = clock.addTrack(AUDIO)
  const video = clock.addTrack(VIDEO)
  // Said and shown at the same moment of the sender; the picture takes 70 ms longer to arrive.
  audio.senderReport(1_700_000_000_000, 4_294_967_000)
  for (let at = 0; at < 1000; at += 20) audio.arrived(audio.placeOf((4_294_967_000 + at * 48) % 2 ** 32), 100 + at)
  for (let at = 0; at < 1000; at += 40) video.arrived(video.placeOf(9000 + at * 90), 170 + at)
  video.senderReport(1_700_000_000_000, 9000)
  expect(audio.playoutAt(audio.placeOf((4_294_967_000 + 48_000) % 2 ** 32))).toBeCloseTo(video.playoutAt(video.placeOf(99_000)), 3)
  expect(clock.wantedDelayMs).toBe(120)
})

test('sender reports that make no sense together are not followed', () => {
  const clock = new PlayoutClock()
  const audio = clock.addTrack(AUDIO)
  const video = clock.addTrack(VIDEO)
  for (let at = 0; at < 1000; at += 20) audio.arrived(audio.placeOf(at * 48), at)
  for (let at = 0; at < 1000; at += 40) video.arrived(video.placeOf(at * 90), at)
  audio.senderReport(1_700_000_000_000, 0)
  video.senderReport(1_700_000_100_000, 0)
  expect(audio.playoutAt(0)).toBeCloseTo(video.playoutAt(0), 3)
  expect(video.playoutAt(0)).toBeCloseTo(120, 3)
})

test('an hour with clocks 200 ppm apart: no drift between the tracks, none against our clock', () => {
  const clock = new PlayoutClock()
  const audio = clock.addTrack(AUDIO)
  const video = clock.addTrack(VIDEO)
  const random = randomNumbers()
  const skews: number[] = []
  const delays: number[] = []
  const audioRate = 48 * 1.0002
  const videoRate = 90 * 0.9998
  const ntpRate = 1.0001
  for (let at = 0; at < 3_600_000; at += 20) {
    audio.arrived(audio.placeOf(Math.round(at * audioRate) % 2 ** 32), at + 30 + random() * 15)
    if (at % 40 === 0) video.arrived(video.placeOf(Math.round(at * videoRate) % 2 ** 32), at + 60 + random() * 25)
    if (at % 4000 === 0) {
      audio.senderReport(1e12 + at * ntpRate, Math.round(at * audioRate) % 2 ** 32)
      video.senderReport(1e12 + at * ntpRate, Math.round(at * videoRate) % 2 ** 32)
    }
    clock.advance(at)
    if (at < 10_000) continue
    const heardAt = audio.playoutAt(audio.placeOf(Math.round(at * audioRate) % 2 ** 32))
    const seenAt = video.playoutAt(video.placeOf(Math.round(at * videoRate) % 2 ** 32))
    skews.push(Math.abs(heardAt - seenAt))
    delays.push(heardAt - at - 30 - clock.delayMs)
  }
  expect(Math.max(...skews.slice(0, 1000))).toBeLessThan(3)
  expect(skews.reduce((most, skew) => Math.max(most, skew), 0)).toBeLessThan(3)
  expect(delays.reduce((most, delay) => Math.max(most, Math.abs(delay)), 0)).toBeLessThan(5)
})

test('the delay grows smoothly to what jitter needs, not above 500 ms, and shrinks slowly', () => {
  const clock = new PlayoutClock()
  const audio = clock.addTrack(AUDIO)
  const random = randomNumbers()
  let steepest = 0
  const run = (from: number, to: number, jitterMs: number): void => {
    for (let at = from; at < to; at += 20) {
      const before = clock.delayMs
      audio.arrived(audio.placeOf(at * 48), at + random() * jitterMs)
      clock.advance(at)
      steepest = Math.max(steepest, Math.abs(clock.delayMs - before))
    }
  }
  run(0, 60_000, 5)
  expect(clock.delayMs).toBeLessThan(75)
  run(60_000, 100_000, 200)
  expect(clock.delayMs).toBeGreaterThan(200)
  expect(clock.delayMs).toBeLessThan(250)
  run(100_000, 160_000, 900)
  expect(clock.delayMs).toBeLessThanOrEqual(500)
  expect(clock.delayMs).toBeGreaterThan(480)
  run(160_000, 170_000, 5)
  expect(clock.delayMs).toBeGreaterThan(470)
  run(170_000, 600_000, 5)
  expect(clock.delayMs).toBeLessThan(80)
  expect(steepest).toBeLessThanOrEqual(0.2001)
})

test('a picture alone takes the delay it needs at once; interrupted sound too', () => {
  const clock = new PlayoutClock()
  const video = clock.addTrack(VIDEO)
  for (let at = 0; at < 2000; at += 40) video.arrived(video.placeOf(at * 90), at + (at % 200 === 0 ? 300 : 0))
  clock.advance(0)
  clock.advance(400)
  expect(clock.delayMs).toBeGreaterThanOrEqual(300)
  const other = new PlayoutClock()
  const audio = other.addTrack(AUDIO)
  for (let at = 0; at < 2000; at += 20) audio.arrived(audio.placeOf(at * 48), at + (at % 200 === 0 ? 300 : 0))
  other.catchUp()
  expect(other.delayMs).toBe(other.wantedDelayMs)
})

test('a jump of the sender time line is followed at once', () => {
  const clock = new PlayoutClock()
  const audio = clock.addTrack(AUDIO)
  for (let at = 0; at < 1000; at += 20) audio.arrived(audio.placeOf(at * 48), at)
  audio.arrived(audio.placeOf(1000 * 48), 60_000)
  expect(audio.playoutAt(48_000)).toBeCloseTo(60_000 + clock.delayMs, 3)
})
