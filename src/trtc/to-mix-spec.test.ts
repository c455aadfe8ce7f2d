import { expect, test } from 'vitest'
import { changeAt } from '../../test/support/change-at.ts'
import { vendorExample } from '../../test/contract/vendor-example.ts'
import { startPublishCdnStream } from './actions/start-publish-cdn-stream.ts'
import { TrtcError } from './errors.ts'
import { parseRequest } from './parse-request.ts'
import { toMixSpec, type MixSpecResult } from './to-mix-spec.ts'

const start = (body: unknown, allowRtmps = false): MixSpecResult => toMixSpec(parseRequest(startPublishCdnStream, body), { allowRtmps })

function refusalOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof TrtcError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'accepted'
}

const room = { appId: 1400188366, kind: 'number', name: '295066' }
const av = vendorExample(1)
const sound = vendorExample(2)
const tile = 'VideoParams.LayoutParams.MixLayoutList.0'

test('example 1 becomes two tiles, a watermark and one output', () => {
  const half = { widthPx: 640, heightPx: 720, yPx: 0, zOrder: 0, renderMode: 'crop', placeholder: null }
  const { spec, warnings } = start(av)
  expect(warnings).toEqual([])
  expect(spec).toEqual({
    room,
    robot: { userId: 'trtc_partner_test_1', userSig: expect.stringMatching(/^eJw1zV8L/) },
    maxIdleSec: 30,
    audio: { encode: { codec: 'aac-lc', sampleRateHz: 48000, channels: 2, bitRateKbps: 64 }, allow: null, block: [] },
    video: {
      encode: { widthPx: 1280, heightPx: 720, fps: 15, bitRateKbps: 1536, gopSec: 2 },
      layout: {
        kind: 'custom',
        tiles: [
          { ...half, xPx: 0, stream: { room, userId: 'Trtc_User_0', source: 'camera' } },
          { ...half, xPx: 640, stream: { room, userId: 'Trtc_User_1', source: 'camera' } },
        ],
      },
      background: { color: 0xff0000, pictureUrl: null, renderMode: 'stretch' },
      watermarks: [{ url: expect.stringMatching(/\.png$/), xPx: 64, yPx: 64, widthPx: 64, heightPx: 64, zOrder: 3 }],
    },
    outputs: [{ url: 'rtmp://3891.livepush.myqcloud.com/live/trtc_publishcdn_test1', billing: 'vendor-cdn' }],
  })
})

test('example 2 becomes sound of two users', () => {
  const { spec } = start(sound)
  expect(spec.video).toBeNull()
  expect(spec.audio.allow).toEqual([
    { room, userId: 'Trtc_User_0', level: 1 },
    { room, userId: 'Trtc_User_1', level: 1 },
  ])
})

test.each([
  [3, 'WithTranscoding'],
  [4, 'WithTranscoding'],
  [5, 'FeedBackRoomParams'],
  [6, 'SeiParams'],
  [7, 'AudioParams.SubscribeAudioList.1.UserInfo.RoomId'],
])('example %i is valid and refused by %s', (number, path) => {
  expect(refusalOf(() => start(vendorExample(number)))).toMatch(`UnsupportedOperation: ${path}: `)
})

// The rules of spec section 7 have a table of their own, in rules/rules.test.ts.
test.each([
  ['PublishCdnParams.0', 'rtmp://a.example.com/live/SECRET', 'InvalidParameter: PublishCdnParams.0 is a text; it must be an object.'],
  ['RoomId', 295066, 'InvalidParameter: RoomId is 295066; it must be a string.'],
  ['AgentParams.UserId', 'a b', 'InvalidParameter: AgentParams.UserId is "a b"'],
  ['AgentParams.UserSig', 5, 'InvalidParameter: AgentParams.UserSig must be a string; its value is not shown.'],
  ['AgentParams.MaxIdleTime', null, 'InvalidParameter: AgentParams.MaxIdleTime is null; it must be an integer from 5 to 86400.'],
  ['VideoParams.VideoEncode.Fps', 15.5, 'InvalidParameter: VideoParams.VideoEncode.Fps is 15.5; it must be an integer from 1 to 60.'],
  ['VideoParams.VideoEncode.Fps', '15.5', 'InvalidParameter: VideoParams.VideoEncode.Fps is "15.5"; it must be an integer'],
  ['SdkAppId', 2 ** 53, 'InvalidParameter: SdkAppId is 9007199254740992; it must be an integer from 1 to 4294967295.'],
  [`${tile}.ZOrder`, 'top', `InvalidParameter: ${tile}.ZOrder is "top"`],
  [`${tile}.Zorder`, 1, `UnknownParameter: ${tile}.Zorder is not a parameter of this action.`],
  ['Region', 'ap-guangzhou', 'UnknownParameter: Region'],
])('%s as %j: %s', (path, value, expected) => {
  const refusal = refusalOf(() => start(changeAt(av, path, value)))
  expect(refusal).toContain(expected)
  expect(refusal).not.toContain('SECRET')
})

test('a text in the place of an object is not shown', () => {
  expect(refusalOf(() => start(changeAt(av, 'AgentParams', 'SECRET')))).toBe(
    'InvalidParameter: AgentParams is a text; it must be an object.',
  )
})

test('of several failures the first in order is told: unknown, mistyped, missing, out of range', () => {
  const range = changeAt(av, 'VideoParams.VideoEncode.Fps', 99)
  const missing = changeAt(range, 'VideoParams.VideoEncode.Gop', undefined)
  const mistyped = changeAt(missing, 'RoomId', 1)
  expect(refusalOf(() => start(missing))).toMatch(/^MissingParameter/)
  expect(refusalOf(() => start(mistyped))).toMatch(/^InvalidParameter: RoomId/)
  expect(refusalOf(() => start(changeAt(changeAt(missing, 'Foo', 1), 'RoomId', '1')))).toMatch(/^UnknownParameter/)
})

test.each([
  ['VideoParams.LayoutParams', undefined, 'VideoParams.LayoutParams.MixLayoutMode'],
  ['VideoParams.LayoutParams', {}, 'VideoParams.LayoutParams.MixLayoutMode'],
  ['VideoParams.LayoutParams.MixLayoutMode', 2, 'VideoParams.LayoutParams.MixLayoutMode'],
  ['VideoParams.LayoutParams', { MixLayoutMode: 3, EnableStreamSEI: 1 }, 'VideoParams.LayoutParams.EnableStreamSEI'],
  ['AudioParams.AudioEncode.Codec', 1, 'AudioParams.AudioEncode.Codec'],
  ['AudioParams.UnSubscribeAudioList', [{ UserInfo: { UserId: 'a', RoomId: '2' } }], 'AudioParams.UnSubscribeAudioList.0.UserInfo.RoomId'],
  [
    'AudioParams.SubscribeAudioList',
    [{ UserInfo: { UserId: 'a', RoomIdType: 1 } }],
    'AudioParams.SubscribeAudioList.0.UserInfo.RoomIdType',
  ],
  [`${tile}.UserMediaStream.UserInfo.RoomId`, '2', `${tile}.UserMediaStream.UserInfo.RoomId`],
  [`${tile}.CustomCrop`, { LocationX: 0, LocationY: 0, Width: 1, Height: 1 }, `${tile}.CustomCrop`],
  [`${tile}.TransparentUrl`, 'https://a.example.com/a.png', `${tile}.TransparentUrl`],
  [`${tile}.BackGroundColorMode`, 1, `${tile}.BackGroundColorMode`],
  [`${tile}.EnableStreamSEI`, 1, `${tile}.EnableStreamSEI`],
  [`${tile}.BackgroundImageUrl`, 'https://a.example.com/a.GIF?x=1', `${tile}.BackgroundImageUrl`],
  [
    tile,
    { BackgroundRenderMode: 4, ImageWidth: 10, ImageHeight: 10, BackgroundCustomRender: { Width: 10, Height: 8, Radius: 4 } },
    `${tile}.BackgroundRenderMode`,
  ],
  ['VideoParams.WaterMarkList.0.WaterMarkImage.DynamicPosType', 2, 'VideoParams.WaterMarkList.0.WaterMarkImage.DynamicPosType'],
  [
    'VideoParams.WaterMarkList.0',
    { WaterMarkType: 1, WaterMarkText: { Text: 'a', FontSize: 20, WaterMarkWidth: 9, WaterMarkHeight: 9, LocationX: 0, LocationY: 0 } },
    'VideoParams.WaterMarkList.0.WaterMarkType',
  ],
  ['RecordParams', { UniRecord: 2 }, 'RecordParams.UniRecord'],
  ['RecordParams', { UniRecord: 3, McuStorageParams: { McuCloudVod: { McuTencentVod: {} } } }, 'RecordParams.UniRecord'],
  ['SeiParams', { LayoutVolume: {} }, 'SeiParams'],
])('%s as %j is valid and refused by %s', (path, value, expected) => {
  expect(refusalOf(() => start(changeAt(av, path, value)))).toMatch(`UnsupportedOperation: ${expected}: `)
})

test('SEI in a task of sound is invalid', () => {
  expect(refusalOf(() => start(changeAt(sound, 'SeiParams', { LayoutVolume: {} })))).toMatch(/^InvalidParameter: SeiParams/)
})

test("a dynamic layout knows the main room only, a custom one the room of the user's tile", () => {
  const foreign = changeAt(av, 'AudioParams.SubscribeAudioList', [{ UserInfo: { UserId: 'Trtc_User_0', RoomId: '2' } }])
  const at = 'InvalidParameter: AudioParams.SubscribeAudioList.0.UserInfo.RoomId is "2"; it must be'
  expect(refusalOf(() => start(foreign))).toContain(`${at} the room of that user's tile.`)
  expect(refusalOf(() => start(changeAt(foreign, 'VideoParams.LayoutParams.MixLayoutMode', 3)))).toContain(`${at} the main room`)
})

test.each([
  ['RecordParams', { UniRecord: 1 }],
  [`${tile}.BackGroundColor`, '0x00ff00'],
  [`${tile}.EnableStreamSEI`, 0],
  ['VideoParams.LayoutParams.MaxVideoUser', { UserMediaStream: { UserInfo: { UserId: 'a', RoomId: '2' } } }],
  ['FeedBackRoomParams', []],
])('%s as %j changes nothing', (path, value) => {
  expect(start(changeAt(av, path, value)).spec).toEqual(start(av).spec)
})

test('decimal texts are taken as integers', () => {
  const written = changeAt(changeAt(av, 'SdkAppId', '1400188366'), 'VideoParams.VideoEncode.Width', '1280')
  expect(start(written).spec).toEqual(start(av).spec)
})

test('rtmps is taken where it is allowed', () => {
  const secure = changeAt(av, 'PublishCdnParams', [{ PublishCdnUrl: 'rtmps://a.example.com/live/k?s=1', IsTencentCdn: 0 }])
  expect(start(secure, true).spec.outputs).toEqual([{ url: 'rtmps://a.example.com/live/k?s=1', billing: 'third-party-cdn' }])
})

test('odd canvases become even, and tiles that reached the edge go with them', () => {
  const odd = changeAt(changeAt(av, 'VideoParams.VideoEncode.Width', 1281), `VideoParams.LayoutParams.MixLayoutList.1.ImageWidth`, 641)
  const { video } = start(odd).spec
  expect(video?.encode.widthPx).toBe(1280)
  expect(video?.layout.kind === 'custom' && video.layout.tiles.map((each) => each.widthPx)).toEqual([640, 640])
})

test('the grid takes render mode and place holding, and ignores tiles', () => {
  const layout = { MixLayoutMode: 3, RenderMode: 1, PureAudioHoldPlaceMode: 1, MixLayoutList: [{ LocationX: 9999, ImageWidth: 9999 }] }
  const { video } = start(changeAt(av, 'VideoParams.LayoutParams', layout)).spec
  expect(video?.layout).toEqual({ kind: 'grid', renderMode: 'fit', holdPureAudio: true })
})

test('render modes, placeholders and unnamed tiles', () => {
  const tiles = [
    { RenderMode: 2, BackgroundImageUrl: 'https://a.example.com/a.png' },
    { RenderMode: 1, BackgroundImageUrl: 'https://a.example.com/a.jpg', BackgroundRenderMode: 0 },
    { UserMediaStream: { UserInfo: { UserId: 'a' }, StreamType: 1 }, BackgroundImageUrl: '' },
  ]
  const { video } = start(changeAt(av, 'VideoParams.LayoutParams.MixLayoutList', tiles)).spec
  expect(
    video?.layout.kind === 'custom' &&
      video.layout.tiles.map(({ stream, renderMode, placeholder }) => ({ stream, renderMode, placeholder })),
  ).toEqual([
    { stream: null, renderMode: 'fit-black', placeholder: { url: 'https://a.example.com/a.png', renderMode: 'stretch' } },
    { stream: null, renderMode: 'fit', placeholder: { url: 'https://a.example.com/a.jpg', renderMode: 'crop' } },
    { stream: { room, userId: 'a', source: 'screen' }, renderMode: 'crop', placeholder: null },
  ])
})

test.each([
  'https://a.example.com/a$.png',
  'ftp://a.example.com/a.png',
  'https://a.example.com/a.gif',
  'a.png',
  "https://a.example.com/it's.png",
])('the picture %s has no effect and is told to the log without its address', (url) => {
  const body = changeAt(changeAt(av, 'VideoParams.BackgroundImageUrl', url), 'VideoParams.WaterMarkList.0.WaterMarkImage.WaterMarkUrl', url)
  const { spec, warnings } = start(body)
  expect(spec.video).toMatchObject({ background: { pictureUrl: null }, watermarks: [] })
  expect(warnings).toHaveLength(2)
  expect(warnings.join()).not.toContain(url)
})

test('levels are linear, a user named twice is heard once', () => {
  const list = [{ UserInfo: { UserId: 'a' } }, { UserInfo: { UserId: 'b' }, SoundLevel: 0 }, { UserInfo: { UserId: 'a' }, SoundLevel: 40 }]
  const body = changeAt(changeAt(sound, 'AudioParams.SubscribeAudioList', list), 'AudioParams.UnSubscribeAudioList', [
    { UserInfo: { UserId: 'c' } },
  ])
  const { audio } = start(body).spec
  expect(audio.allow).toEqual([
    { room, userId: 'a', level: 0.4 },
    { room, userId: 'b', level: 0 },
  ])
  expect(audio.block).toEqual([{ room, userId: 'c' }])
})

test('string rooms are rooms of their own', () => {
  const body = changeAt(changeAt(changeAt(sound, 'AudioParams.SubscribeAudioList', []), 'RoomIdType', 1), 'RoomId', 'the lobby #1')
  expect(start(body).spec).toMatchObject({ room: { kind: 'string', name: 'the lobby #1' }, audio: { allow: null } })
  expect(refusalOf(() => start(changeAt(body, 'RoomId', 'é')))).toMatch(/^InvalidParameter: RoomId/)
})

test('members that look like prototypes are unknown parameters', () => {
  expect(refusalOf(() => start(JSON.parse('{"__proto__":{"SdkAppId":1}}')))).toMatch(/^UnknownParameter: __proto__/)
})
