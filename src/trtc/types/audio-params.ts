// McuAudioParams: how sound is encoded and who is heard.
import type { z } from 'zod'
import { mixUserInfo } from './user-info.ts'
import { array, choice, integer, object } from './values.ts'

const audioEncode = object({
  SampleRate: choice(48000, 44100, 32000, 24000, 16000, 8000),
  Channel: choice(1, 2),
  BitRate: integer(8, 500),
  Codec: choice(0, 1, 2).optional(),
})

const mcuUserInfoParams = object({
  UserInfo: mixUserInfo,
  SoundLevel: integer(0, 100).optional(),
})

/** As Update takes it. */
export const audioParamsUpdate = object({
  AudioEncode: audioEncode.optional(),
  SubscribeAudioList: array(mcuUserInfoParams).optional(),
  UnSubscribeAudioList: array(mcuUserInfoParams).optional(),
})

/** As Start takes it: the encoder is required. */
export const audioParams = audioParamsUpdate.extend({ AudioEncode: audioEncode })

export type AudioEncode = z.output<typeof audioEncode>
export type McuUserInfoParams = z.output<typeof mcuUserInfoParams>
export type AudioParams = z.output<typeof audioParams>
export type AudioParamsUpdate = z.output<typeof audioParamsUpdate>
