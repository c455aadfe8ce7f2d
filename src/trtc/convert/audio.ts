// McuAudioParams into the spec of the sound.
import { userKey, type RoomRef } from '../../mix/room.ts'
import type { AudioEncodeSpec, AudioInput, AudioSpec } from '../../mix/mix-spec.ts'
import type { AudioEncode, AudioParamsUpdate, McuUserInfoParams } from '../types/audio-params.ts'
import { toUser } from './room.ts'

/** Only AAC-LC reaches this point. */
export const toAudioEncode = (encode: AudioEncode): AudioEncodeSpec => ({
  codec: 'aac-lc',
  sampleRateHz: encode.SampleRate,
  channels: encode.Channel,
  bitRateKbps: encode.BitRate,
})

/** The sound after `wire`: absent lists stay as in `previous`, empty ones open up. */
export function toAudio(wire: AudioParamsUpdate, previous: AudioSpec, main: RoomRef): AudioSpec {
  const { SubscribeAudioList: allow, UnSubscribeAudioList: block } = wire
  return {
    encode: previous.encode,
    allow: allow === undefined ? previous.allow : toAllow(allow, main),
    block: block === undefined ? previous.block : block.map(({ UserInfo }) => toUser(UserInfo, main, 'UserInfo')),
  }
}

function toAllow(list: readonly McuUserInfoParams[], main: RoomRef): AudioInput[] | null {
  if (list.length === 0) return null
  const inputs = list.map(({ UserInfo, SoundLevel = 100 }) => ({ ...toUser(UserInfo, main, 'UserInfo'), level: SoundLevel / 100 }))
  // Named twice, a user is heard once, at the later level.
  return [...new Map(inputs.map((input) => [userKey(input), input])).values()]
}
