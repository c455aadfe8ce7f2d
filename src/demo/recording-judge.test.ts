import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AV_LOG_ERROR, Log } from 'node-av'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { judgeRecording, type ExpectedMix } from './recording-judge.ts'
import { TestPicture } from './test-picture.ts'

Log.setLevel(AV_LOG_ERROR)
const directory = mkdtempSync(join(tmpdir(), 'judge-'))
const source = { widthPx: 640, heightPx: 360 }
const right = { source, tile: { xPx: 0, yPx: 0, widthPx: 320, heightPx: 360 } }
const people = [
  { name: 'Left', color: 0x1f5fa8, toneHz: 440, ...right },
  { name: 'Right', color: 0xa8471f, toneHz: 660, source, tile: { ...right.tile, xPx: 320 } },
]
const expected: ExpectedMix = { widthPx: 640, heightPx: 360, fps: 15, participants: people }
const frames = 45

function record(fileName: string, stepMs: (name: string) => number, tones = [440, 660]): string {
  const inputs = people.map(({ name, color }) => {
    const file = join(directory, `${fileName}-${name}.yuv`)
    const picture = new TestPicture({ ...source, color, name, matrix: 'bt709' })
    const handle = openSync(file, 'w')
    for (let index = 0; index < frames; index++) {
      picture.paint(Date.UTC(2026, 0, 1) + index * stepMs(name))
      writeSync(handle, picture.buffer)
    }
    closeSync(handle)
    return ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', '640x360', '-r', '15', '-i', file]
  })
  const sounds = tones.flatMap((toneHz) => ['-f', 'lavfi', '-i', `sine=${toneHz}:sample_rate=48000:duration=3`])
  const mix = '[0]crop=320:360[l];[1]crop=320:360[r];[l][r]hstack[v];[2][3]amix=normalize=0,volume=2[a]'
  const output = join(directory, `${fileName}.flv`)
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-t', '3', output]
  execFileSync('ffmpeg', [
    '-loglevel',
    'error',
    '-y',
    ...inputs.flat(),
    ...sounds,
    '-filter_complex',
    mix,
    '-map',
    '[v]',
    '-map',
    '[a]',
    ...encode,
  ])
  return output
}

let good: string

beforeAll(() => {
  good = record('good', () => 1000 / 15)
})

afterAll(() => rmSync(directory, { recursive: true }))

test('a right mix is right', async () => {
  const verdict = await judgeRecording(good, expected)
  expect(verdict.problems).toEqual([])
  expect(verdict.frames).toBe(frames)
  expect(verdict.fps).toBeCloseTo(15, 1)
})

test('wrong colours, sizes and rates are told', async () => {
  const [left, other] = people
  if (left === undefined || other === undefined) throw new Error('two people are needed')
  const swapped = { ...expected, fps: 25, widthPx: 1280, participants: [{ ...left, color: other.color }, other] }
  const { problems } = await judgeRecording(good, swapped)
  expect(problems.join('\n')).toMatch(
    /640 x 360 instead of 1280 x 360[^]*15\.00 pictures a second came instead of 25[^]*tile of Left shows YUV/,
  )
})

test('a frozen tile and a missing tone are told', async () => {
  const bad = record('bad', (name) => (name === 'Right' ? 0 : 1000 / 15), [440, 440])
  const { problems } = await judgeRecording(bad, expected)
  expect(problems.join('\n')).toMatch(/clock of Right went on in only 0\.022[^]*tone of Right is not heard/)
  expect(problems).toHaveLength(2)
})
