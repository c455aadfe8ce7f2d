import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLogger } from '../../log.ts'
import { startOrigin, type Origin } from './origin.ts'

let origin: Origin

beforeAll(async () => {
  origin = await startOrigin({ bindAddress: '127.0.0.1', rtmpPort: 0, log: createLogger('test', 'silent') })
})

afterAll(() => origin.close())

const source = ['-re', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=15', '-f', 'lavfi', '-i', 'sine=440:sample_rate=48000']
const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '15', '-c:a', 'aac', '-f', 'flv']

const push = (key: string, ...timing: string[]) =>
  spawn('ffmpeg', ['-loglevel', 'error', ...source, ...codecs, ...timing, origin.rtmpUrl(key)], { stdio: ['ignore', 'ignore', 'inherit'] })

/** Reads tags of a stream until `enough` says so; their type and time. */
async function readTags(
  key: string,
  enough: (tags: { type: number; timeMs: number }[]) => boolean,
): Promise<{ type: number; timeMs: number }[]> {
  const tags: { type: number; timeMs: number }[] = []
  let rest = Buffer.alloc(0)
  let headerSeen = false
  for await (const chunk of origin.play(key)) {
    rest = Buffer.concat([rest, chunk])
    if (!headerSeen) {
      if (rest.length < 13) continue
      expect(rest.toString('latin1', 0, 3)).toBe('FLV')
      rest = rest.subarray(13)
      headerSeen = true
    }
    while (rest.length >= 11 && rest.length >= 15 + rest.readUIntBE(1, 3)) {
      tags.push({ type: rest.readUInt8(0), timeMs: rest.readUIntBE(4, 3) })
      rest = rest.subarray(15 + rest.readUIntBE(1, 3))
    }
    if (enough(tags)) break
  }
  return tags
}

test('a stream pushed by ffmpeg is read as FLV by a reader who was there before and by ffprobe over RTMP', async () => {
  const reading = readTags('early', (tags) => tags.filter((tag) => tag.type === 9).length >= 10)
  const publisher = push('early', '-t', '20')
  const tags = await reading
  expect(tags.some((tag) => tag.type === 8)).toBe(true)
  const probe = spawn('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name,width', '-of', 'csv=p=0', origin.rtmpUrl('early')])
  let shown = ''
  probe.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString()))
  await once(probe, 'close')
  expect(shown).toContain('h264,320')
  expect(shown).toContain('aac')
  publisher.kill('SIGKILL')
  await once(publisher, 'close')
})

test('a publisher that comes back keeps its own timestamps', async () => {
  const first = push('again', '-t', '2')
  await once(first, 'close')
  const reading = readTags('again', (tags) => tags.some((tag) => tag.type === 9 && tag.timeMs > 5_000))
  const second = push('again', '-t', '20', '-output_ts_offset', '5')
  const times = (await reading).filter((tag) => tag.type === 9).map((tag) => tag.timeMs)
  expect(Math.max(...times)).toBeLessThan(7_000)
  second.kill('SIGKILL')
  await once(second, 'close')
})

test('a port in use is an error, not the end of the process', async () => {
  const log = createLogger('test', 'silent')
  await expect(startOrigin({ bindAddress: '127.0.0.1', rtmpPort: origin.rtmpPort, log })).rejects.toThrow('EADDRINUSE')
})

test('knows its own push addresses', () => {
  expect(origin.keyOf(origin.rtmpUrl('some-key'))).toBe('some-key')
  expect(origin.keyOf(`rtmp://localhost:${origin.rtmpPort}/live/key?sign=1`)).toBe('key')
  expect(origin.keyOf('rtmp://example.com/live/key')).toBeNull()
  expect(origin.keyOf(`rtmp://127.0.0.1:${origin.rtmpPort}/other/key`)).toBeNull()
  expect(origin.keyOf('nonsense')).toBeNull()
})
