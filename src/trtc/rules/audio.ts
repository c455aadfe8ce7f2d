// Rules between the values of McuAudioParams (spec section 7, rules 9, 12 and 21).
import { roomKey, type RoomRef, type StreamRef } from '../../mix/room.ts'
import { toUser } from '../convert/room.ts'
import { invalidParameter } from '../parameter-error.ts'
import type { AudioEncode, AudioParamsUpdate, McuUserInfoParams } from '../types/audio-params.ts'

/**
 * @param tiles pictures with a tile of their own; `null` in a dynamic layout, which knows the main room only
 * @throws {TrtcError} `InvalidParameter`
 */
export function checkAudio(audio: AudioParamsUpdate, main: RoomRef, tiles: readonly StreamRef[] | null): void {
  if (audio.AudioEncode !== undefined) checkEncode(audio.AudioEncode)
  checkList(audio.SubscribeAudioList, 'AudioParams.SubscribeAudioList', main, tiles)
  checkList(audio.UnSubscribeAudioList, 'AudioParams.UnSubscribeAudioList', main, tiles)
}

function checkEncode({ Codec: codec = 0, Channel: channels, SampleRate: sampleRateHz }: AudioEncode): void {
  if (codec === 2 && channels !== 2)
    throw invalidParameter('AudioParams.AudioEncode.Channel', channels, 'must be 2 when Codec is 2 (HE-AACv2)')
  if (codec !== 0 && sampleRateHz === 8000) {
    throw invalidParameter('AudioParams.AudioEncode.SampleRate', sampleRateHz, `must be above 8000 when Codec is ${codec} (HE-AAC)`)
  }
}

function checkList(list: readonly McuUserInfoParams[] | undefined, path: string, main: RoomRef, tiles: readonly StreamRef[] | null): void {
  list?.forEach(({ UserInfo }, index) => {
    const at = `${path}.${index}.UserInfo`
    const user = toUser(UserInfo, main, at)
    const inRoom = (room: RoomRef) => roomKey(room) === roomKey(user.room)
    if (tiles === null) {
      if (!inRoom(main)) throw invalidParameter(`${at}.RoomId`, user.room.name, 'must be the main room in a dynamic layout')
      return
    }
    const own = tiles.filter((tile) => tile.userId === user.userId)
    if (own.length > 0 && !own.some((tile) => inRoom(tile.room))) {
      throw invalidParameter(`${at}.RoomId`, user.room.name, "must be the room of that user's tile")
    }
  })
}
