// A small valid mix spec for tests of what stores and runs it.
import type { MixSpec } from '../../src/mix/mix-spec.ts'

export const testSpec = (changes: Partial<MixSpec> = {}): MixSpec => ({
  room: { appId: 1400188366, kind: 'number', name: '295066' },
  robot: { userId: 'mix_robot', userSig: 'secret-user-sig' },
  maxIdleSec: 30,
  audio: { encode: { codec: 'aac-lc', sampleRateHz: 48000, channels: 2, bitRateKbps: 64 }, allow: null, block: [] },
  video: null,
  outputs: [{ url: 'rtmp://127.0.0.1/live/secret-key', billing: 'third-party-cdn' }],
  ...changes,
})
