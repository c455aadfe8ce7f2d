// A running mix that is looked at, paused over the loss of its engine and of its server, and resumed.
import { kill } from 'node:process'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startFakeServer, type FakeServer } from '../outputs/fake-server.ts'
import { LiveMix, customLayout, leftHalf, mixRequest, rightHalf, tile } from '../support/live-mix.ts'
import { startLiveSystem, type LiveSystem } from '../support/live-system.ts'

const roomId = '295066'
const [blue, brown] = [0x1f5fa8, 0xa8471f]
const layout = { LayoutParams: customLayout(tile('left', leftHalf), tile('right', rightHalf)), BackGroundColor: '0x00a000' }

let system: LiveSystem
let first: FakeServer
let second: FakeServer
beforeAll(async () => {
  system = await startLiveSystem()
  first = await startFakeServer('accept')
  second = await startFakeServer('accept')
})
afterAll(async () => {
  await system?.close()
  await Promise.all([first?.close(), second?.close()])
})

/** How far the colour at a place of a PNG is from one, at most, of red, green and blue. */
async function distance(image: string, x: number, y: number, color: number): Promise<number> {
  const pixel = await sharp(Buffer.from(image, 'base64')).removeAlpha().extract({ left: x, top: y, width: 1, height: 1 }).raw().toBuffer()
  return Math.max(...[16, 8, 0].map((shift, index) => Math.abs((pixel[index] ?? 999) - ((color >> shift) & 255))))
}

test('a mix is looked at, pauses, stays paused over crashes and updates, and goes on', async () => {
  await Promise.all([system.join('left', { color: blue }), system.join('right', { color: brown })])
  const mix = await LiveMix.start(system, mixRequest(system, roomId, [first.url], layout))
  const named = { SdkAppId: system.sdkAppId, TaskId: mix.taskId }
  const describeTask = async () => (await system.client.call('DescribePublishCdnStream', named)).Task
  await mix.running()

  // Corners that neither name nor time code reaches.
  await vi.waitFor(
    async () => {
      const { Image, Width, Height } = await system.client.call('SnapshotPublishCdnStream', named)
      expect([Width, Height]).toEqual([640, 360])
      expect(await distance(Image, 300, 20, blue)).toBeLessThan(24)
      expect(await distance(Image, 620, 20, brown)).toBeLessThan(24)
    },
    { timeout: 15_000, interval: 200 },
  )
  const preview = await system.client.call('PreviewPublishCdnStream', { Update: { ...named, SequenceNumber: 1, WithTranscoding: 1 } })
  expect(await distance(preview.Image, 300, 20, blue)).toBeLessThan(24)
  expect(await distance(preview.Image, 620, 20, brown)).toBeLessThan(24)
  const elsewhere = await system.client.call('PreviewPublishCdnStream', {
    Start: mixRequest(system, 'elsewhere', [first.url], layout, { RoomIdType: 1 }),
  })
  expect(await distance(elsewhere.Image, 300, 20, blue), 'nobody of another room is shown').toBeGreaterThan(24)
  await vi.waitFor(async () => expect((await describeTask()).Inputs.filter(({ Kind }) => Kind === 'camera')).toHaveLength(2), {
    timeout: 5_000,
  })
  const running = await describeTask()
  expect(running).toMatchObject({ State: 'running', IsPaused: false, LastError: null, Outputs: [{ State: 'running' }] })
  expect(running.FirstPacketMs).toBeGreaterThan(0)
  expect(JSON.stringify(running)).not.toContain('secretKey')

  await system.client.call('PausePublishCdnStream', named)
  const untilIdle = () =>
    vi.waitFor(async () => expect(await describeTask()).toMatchObject({ State: 'running', IsPaused: true, Outputs: [{ State: 'idle' }] }), {
      timeout: 15_000,
      interval: 50,
    })
  await untilIdle()
  expect(first.commands.map(([name]) => name)).toContain('deleteStream')
  const before = await describeTask()
  await vi.waitFor(
    async () => expect((await describeTask()).Inputs[0]?.FramesDecoded).toBeGreaterThan(before.Inputs[0]?.FramesDecoded ?? 0),
    {
      timeout: 5_000,
    },
  )

  const pid = system.server.worker.enginePid(mix.taskId)
  if (pid === null) throw new Error('No engine runs the task.')
  kill(pid, 'SIGKILL')
  await vi.waitFor(async () => expect(await describeTask()).toMatchObject({ Restarts: 1, Engine: expect.anything() }), { timeout: 15_000 })
  await untilIdle()
  await system.restart()
  await vi.waitFor(async () => expect((await describeTask()).Engine).not.toBeNull(), { timeout: 20_000 })
  await untilIdle()
  await mix.update({ PublishCdnParams: [{ PublishCdnUrl: second.url, IsTencentCdn: 0 }] })
  await untilIdle()
  expect([first.connections, second.connections]).toEqual([1, 0])

  await system.client.call('ResumePublishCdnStream', named)
  await vi.waitFor(async () => expect(await describeTask()).toMatchObject({ IsPaused: false, Outputs: [{ State: 'running' }] }), {
    timeout: 10_000,
  })
  await vi.waitFor(() => expect(second.messages.length).toBeGreaterThan(20), { timeout: 10_000 })
  expect([first.connections, second.connections]).toEqual([1, 1])
  await mix.stop()
})
