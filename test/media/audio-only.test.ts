// Tasks without a picture: the vendor's second example, and other sample rates.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ActionRequest } from '../../src/trtc/actions/actions.ts'
import { LiveMix } from '../support/live-mix.ts'
import { ROOM_ID, startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'
import { recordedSound } from '../support/recorded-sound.ts'
import { ffprobe } from '../outputs/ffprobe.ts'

type StartRequest = ActionRequest<'StartPublishCdnStream'>

const example = JSON.parse(readFileSync(new URL('../contract/examples/2-mix-audio.json', import.meta.url), 'utf8')) as StartRequest
const runMs = 4000

/** The example itself, then with another encoder. */
const forms: readonly { key: string; rateHz: number; channels: number; encode: StartRequest['AudioParams']['AudioEncode'] }[] = [
  {
    key: 'example-2',
    rateHz: example.AudioParams.AudioEncode.SampleRate,
    channels: example.AudioParams.AudioEncode.Channel,
    encode: example.AudioParams.AudioEncode,
  },
  { key: 'mono-44100', rateHz: 44100, channels: 1, encode: { SampleRate: 44100, Channel: 1, BitRate: 48, Codec: 0 } },
  { key: 'mono-16000', rateHz: 16000, channels: 1, encode: { SampleRate: 16000, Channel: 1, BitRate: 32, Codec: 0 } },
]

let nginx: NginxRtmp
let system: LiveSystem

beforeAll(async () => {
  nginx = await startNginxRtmp()
  system = await startLiveSystem()
  expect(example.RoomId).toBe(ROOM_ID)
  await system.join('Trtc_User_0', { toneHz: 440, widthPx: 320, heightPx: 180 })
  await system.join('Trtc_User_1', { toneHz: 660, widthPx: 320, heightPx: 180 })
  const mixes = await Promise.all(
    forms.map(({ key, encode }) =>
      LiveMix.start(system, {
        ...example,
        SdkAppId: system.sdkAppId,
        AgentParams: { ...example.AgentParams, UserId: `mix_${key}`, UserSig: system.userSig(`mix_${key}`) },
        AudioParams: { ...example.AudioParams, AudioEncode: encode },
        PublishCdnParams: [{ PublishCdnUrl: nginx.url(key), IsTencentCdn: 0 }],
      }),
    ),
  )
  for (const mix of mixes) await mix.running()
  await mixes[0]?.runFor(runMs)
  await Promise.all(mixes.map((mix) => mix.stop()))
  await Promise.all(forms.map(({ key }) => nginx.recorded(key)))
})

afterAll(async () => {
  await system?.close()
  await nginx?.stop()
})

test.each(forms)(
  '$key: nothing but AAC of $rateHz Hz with $channels channels, both tones and nothing else',
  async ({ key, rateHz, channels }) => {
    const { video, audio, packets, complaints, durationSec } = await ffprobe(nginx.recording(key))
    expect(video).toBeUndefined()
    expect(audio).toMatchObject({ codec_name: 'aac', profile: 'LC', sample_rate: String(rateHz), channels })
    expect(complaints).toBe('')
    expect(durationSec * 1000).toBeGreaterThan(runMs - 200)

    const times = packets.map(({ pts_time }) => Number(pts_time) * 1000)
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
    // Frames of 1024 samples in whole milliseconds.
    for (const gap of gaps) expect(Math.abs(gap - 1024_000 / rateHz)).toBeLessThanOrEqual(1)

    const sound = await recordedSound(nginx.recording(key))
    for (const hz of [440, 660]) expect(Math.abs(20 * Math.log10(sound.tone(hz, 1500) / 0.3))).toBeLessThan(0.5)
    expect(sound.loudestOther([440, 660], 1500)).toBeLessThan(0.01)
    // Two tones of 0.3; a click or a hole would stand out.
    const { quietest, loudest } = sound.extremes(1500, 3500)
    expect(quietest).toBeGreaterThan(0.26)
    expect(loudest).toBeLessThan(0.34)
  },
)
