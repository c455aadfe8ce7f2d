import { expect, test } from 'vitest'
import { vendorExample } from '../../test/contract/vendor-example.ts'
import { changeAt } from '../../test/support/change-at.ts'
import type { MixSpec } from '../mix/mix-spec.ts'
import { startPublishCdnStream } from './actions/start-publish-cdn-stream.ts'
import { updatePublishCdnStream } from './actions/update-publish-cdn-stream.ts'
import { parseRequest } from './parse-request.ts'
import { toMixSpec, updateMixSpec } from './to-mix-spec.ts'

const rules = { allowRtmps: false }
const started = (body: unknown): MixSpec => toMixSpec(parseRequest(startPublishCdnStream, body), rules).spec
const update = (current: MixSpec, change: object) => {
  const body = { SdkAppId: 1400188366, TaskId: 't', SequenceNumber: 1, WithTranscoding: 1, ...change }
  return updateMixSpec(current, parseRequest(updatePublishCdnStream, body), rules)
}
const refused = (current: MixSpec, change: object, code: string, path: string) => {
  expect(() => update(current, change)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(path) }))
}

const users = (...ids: string[]) => ids.map((UserId) => ({ UserInfo: { UserId } }))
const picture = 'https://a.example.com/a.png'
const audioEncode = { SampleRate: 48000, Channel: 2, BitRate: 64 }
const videoEncode = { Width: 1280, Height: 720, Fps: 30, BitRate: 800, Gop: 1 }

const av = started(changeAt(vendorExample(1), 'VideoParams.BackgroundImageUrl', picture))
const sound = started(changeAt(vendorExample(2), 'AudioParams.UnSubscribeAudioList', users('blocked')))

test('an Update of nothing changes nothing', () => {
  expect(update(av, {})).toEqual({ spec: av, warnings: [] })
  expect(update(sound, { AudioParams: {} }).spec).toEqual(sound)
})

test('each member of VideoParams replaces its own part and no other', () => {
  const { video } = av
  const apply = (VideoParams: object) => update(av, { VideoParams }).spec
  expect(apply({ BackGroundColor: '0x0000ff' })).toEqual({ ...av, video: { ...video, background: { ...video?.background, color: 255 } } })
  expect(apply({ BackgroundImageUrl: '' }).video?.background).toEqual({ ...video?.background, pictureUrl: null })
  expect(apply({ BackgroundRenderMode: 1 }).video?.background).toEqual({ ...video?.background, renderMode: 'fit-black' })
  expect(apply({ WaterMarkList: [] })).toEqual({ ...av, video: { ...video, watermarks: [] } })
  expect(apply({ VideoEncode: videoEncode }).video).toEqual({
    ...video,
    encode: { ...video?.encode, fps: 30, bitRateKbps: 800, gopSec: 1 },
  })
  expect(apply({ LayoutParams: { MixLayoutMode: 3 } })).toEqual({
    ...av,
    video: { ...video, layout: { kind: 'grid', renderMode: 'crop', holdPureAudio: false } },
  })
  const layout = apply({ LayoutParams: { MixLayoutMode: 4, MixLayoutList: [{ ImageWidth: 1280, ImageHeight: 720 }] } }).video?.layout
  expect(layout?.kind === 'custom' && layout.tiles.length).toBe(1)
})

test('user lists: absent keeps, empty opens, values replace; each list alone', () => {
  const lists = (AudioParams: object) => {
    const { allow, block } = update(sound, { AudioParams }).spec.audio
    return [allow?.map((user) => user.userId) ?? null, block.map((user) => user.userId)]
  }
  const before = ['Trtc_User_0', 'Trtc_User_1']
  expect(lists({})).toEqual([before, ['blocked']])
  expect(lists({ SubscribeAudioList: [] })).toEqual([null, ['blocked']])
  expect(lists({ SubscribeAudioList: users('x') })).toEqual([['x'], ['blocked']])
  expect(lists({ UnSubscribeAudioList: [] })).toEqual([before, []])
  expect(lists({ UnSubscribeAudioList: users('y') })).toEqual([before, ['y']])
})

test('the list of URLs is replaced whole and never emptied', () => {
  const outputs = [{ PublishCdnUrl: 'rtmp://a.example.com/live/1', IsTencentCdn: 0 }, { PublishCdnUrl: 'rtmp://a.example.com/live/2' }]
  expect(update(av, { PublishCdnParams: outputs }).spec.outputs.map((output) => output.billing)).toEqual(['third-party-cdn', 'vendor-cdn'])
  refused(av, { PublishCdnParams: [] }, 'MissingParameter', 'PublishCdnParams')
  refused(av, { PublishCdnParams: [outputs[0], outputs[0]] }, 'InvalidParameter', 'PublishCdnParams.1.PublishCdnUrl')
  refused(
    av,
    { FeedBackRoomParams: [{ RoomId: '1', RoomIdType: 0, UserId: 'a', UserSig: 's' }] },
    'UnsupportedOperation',
    'FeedBackRoomParams',
  )
})

test('the same sound encoding may be repeated, another is refused', () => {
  expect(update(av, { AudioParams: { AudioEncode: audioEncode } }).spec).toEqual(av)
  for (const other of [{ SampleRate: 44100 }, { Channel: 1 }, { BitRate: 65 }, { Codec: 1 }]) {
    refused(av, { AudioParams: { AudioEncode: { ...audioEncode, ...other } } }, 'UnsupportedOperation', 'AudioParams.AudioEncode')
  }
})

test('the media set stays', () => {
  refused(sound, { VideoParams: { VideoEncode: videoEncode } }, 'UnsupportedOperation', 'VideoParams')
  refused(av, { WithTranscoding: 0 }, 'UnsupportedOperation', 'WithTranscoding')
  refused(
    av,
    { SingleSubscribeParams: { UserMediaStream: { UserInfo: { UserId: 'a' } } } },
    'UnsupportedOperation',
    'SingleSubscribeParams',
  )
})

test('a layout is checked against the canvas it will stand on', () => {
  const smaller = { ...videoEncode, Width: 640 }
  const layout = { MixLayoutMode: 4, MixLayoutList: [{ ImageWidth: 640, ImageHeight: 720 }] }
  refused(av, { VideoParams: { VideoEncode: smaller } }, 'InvalidParameter', 'VideoParams.VideoEncode is "640 x 720"; it must hold tile 1')
  expect(update(av, { VideoParams: { VideoEncode: smaller, LayoutParams: layout } }).spec.video?.encode.widthPx).toBe(640)
  const wide = { MixLayoutMode: 4, MixLayoutList: [{ ImageWidth: 1282, ImageHeight: 720 }] }
  refused(av, { VideoParams: { LayoutParams: wide } }, 'InvalidParameter', 'MixLayoutList.0.LocationX + ImageWidth is 1282')
  refused(av, { VideoParams: { LayoutParams: {} } }, 'UnsupportedOperation', 'VideoParams.LayoutParams.MixLayoutMode')
})

test('what an Update cannot change is unknown to it', () => {
  for (const name of ['RecordParams', 'AgentParams', 'RoomId']) refused(av, { [name]: {} }, 'UnknownParameter', name)
})

test('the sequence number may be as large as a clock in milliseconds', () => {
  expect(update(av, { SequenceNumber: 1795305600000 }).spec).toEqual(av)
  refused(av, { SequenceNumber: -1 }, 'InvalidParameter', 'SequenceNumber is -1')
  refused(av, { SequenceNumber: undefined }, 'MissingParameter', 'SequenceNumber')
})
