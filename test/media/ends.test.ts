// How tasks end: by Stop, and by another task's robot of the same name.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { LiveMix, customLayout, leftHalf, mixRequest, tile } from '../support/live-mix.ts'
import { startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'
import { rhythmFaults } from '../support/picture-phases.ts'
import { allPictures } from '../support/recorded-pictures.ts'

const user = 'Trtc_User_0'

let nginx: NginxRtmp
let system: LiveSystem

beforeAll(async () => {
  nginx = await startNginxRtmp()
  system = await startLiveSystem()
  await system.join(user)
})

afterAll(async () => {
  await system?.close()
  await nginx?.stop()
})

const start = async (key: string): Promise<LiveMix> => {
  const mix = await LiveMix.start(
    system,
    mixRequest(system, '295066', [nginx.url(key)], { LayoutParams: customLayout(tile(user, leftHalf)) }),
  )
  await mix.running()
  return mix
}

const untilEnded = (mix: LiveMix): Promise<void> =>
  vi.waitFor(async () => expect((await mix.view()).state).toBe('ended'), { timeout: 10_000, interval: 20 })

test('Stop ends the push at once, and the task soon after', async () => {
  const mix = await start('stopped')
  await mix.runFor(1000)
  const answeredAt = await mix.stop()
  await nginx.recorded('stopped')
  expect(Date.now() - answeredAt).toBeLessThan(500)
  await untilEnded(mix)
  const { endReason, endedAt } = await mix.view()
  expect(endReason).toBe('stopped')
  expect((endedAt ?? NaN) - answeredAt).toBeLessThan(2000)
  expect(rhythmFaults(await allPictures(nginx.recording('stopped')))).toEqual([])
})

test('a second Start by the same robot ends the first task, and goes on itself', async () => {
  const first = await start('first')
  const second = await start('second')
  await untilEnded(first)
  await nginx.recorded('first')
  expect(await first.view()).toMatchObject({ state: 'ended', endReason: 'robot_removed' })
  expect(((await first.view()).endedAt ?? NaN) - second.answeredAt).toBeLessThan(3000)

  await second.runFor(1500)
  expect((await second.view()).state).toBe('running')
  await second.stop()
  await nginx.recorded('second')
  const pictures = await allPictures(nginx.recording('second'))
  expect(pictures.length).toBeGreaterThan(15)
  expect(rhythmFaults(pictures)).toEqual([])
})
