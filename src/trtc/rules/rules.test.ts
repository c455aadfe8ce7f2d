// Every row of spec section 7, through the gateway: its code, and a message that names the parameter, the value and the rule.
import { expect, test } from 'vitest'
import { vendorExample } from '../../../test/contract/vendor-example.ts'
import { changeAt } from '../../../test/support/change-at.ts'
import { FakeTasks } from '../../../test/support/fake-tasks.ts'
import { gatewayUnderTest, stopBody, userSig } from '../../../test/support/gateway-under-test.ts'

/** Number of the rule, what is changed and to what, code and message of the refusal. */
type Row = readonly [rule: number, path: string, value: unknown, code: string, message: string]

const AgentParams = { UserId: 'mix_295066', UserSig: userSig('mix_295066') }
const av = changeAt(vendorExample(1), 'AgentParams', AgentParams)
const sound = changeAt(vendorExample(2), 'AgentParams', AgentParams)

const layout = 'VideoParams.LayoutParams'
const tile = `${layout}.MixLayoutList.0`
const tileUser = `${tile}.UserMediaStream.UserInfo`
const box = `${tile}.BackgroundCustomRender`
const crop = `${tile}.CustomCrop`
const mark = 'VideoParams.WaterMarkList.0'
const encode = 'AudioParams.AudioEncode'
const picture = 'VideoParams.VideoEncode'
const url = 'PublishCdnParams.0.PublishCdnUrl'
const sei = 'SeiParams'

const userInRoom2 = { UserMediaStream: { UserInfo: { UserId: 'a', RoomId: '2' } } }
const oneStream = { UserMediaStream: { UserInfo: { UserId: 'a' } } }
const urls = (count: number) => Array.from({ length: count }, (_, n) => ({ PublishCdnUrl: `rtmp://a/live/${n}SECRET` }))
const rooms = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ RoomId: '7', RoomIdType: 0, UserId: `f${n}`, UserSig: 'SECRET' }))
const placeholder = (BackgroundCustomRender: object) => ({
  ImageWidth: 10,
  ImageHeight: 10,
  BackgroundRenderMode: 4,
  BackgroundCustomRender,
})
const text = { Text: 'a', FontSize: 20, WaterMarkWidth: 9, WaterMarkHeight: 9, LocationX: 0, LocationY: 0, FontColor: 'red' }
const storage = { Vendor: 0, Region: 'r', Bucket: 'b', AccessKey: 'SECRET', SecretKey: 'SECRET' }
const x = (count: number) => 'x'.repeat(count)
const cut = `${x(64)}…`

const missing = (rule: number, path: string, value?: unknown, at = path, because = ''): Row => [
  rule,
  path,
  value,
  'MissingParameter',
  `${at} is missing${because}.`,
]
const invalid = (rule: number, path: string, value: unknown, message: string): Row => [rule, path, value, 'InvalidParameter', message]
/** A single value whose text stands in the message. */
const outside = (rule: number, path: string, value: number | string, must: string): Row =>
  invalid(rule, path, value, `${path} is ${JSON.stringify(value)}; it must be ${must}.`)

const integerRoom = 'the decimal text of 1 to 4294967294 when RoomIdType is 0'
const stringRoom = '1 to 64 letters, digits, spaces or characters of !#$%&()+-:;<=.>?@[]^_{}|~, when RoomIdType is 1'
const rtmp = `${url} must be an address of the form rtmp://host/app/stream; its value is not shown.`
const color = '0x and six hexadecimal digits'
const needed = ': there must be PublishCdnParams or FeedBackRoomParams'

test.each<Row>([
  missing(1, 'SdkAppId'),
  missing(1, 'AgentParams.UserSig'),
  missing(1, tileUser),
  missing(2, 'PublishCdnParams', undefined, 'PublishCdnParams', needed),
  missing(2, 'PublishCdnParams', [], 'PublishCdnParams', needed),
  invalid(3, 'PublishCdnParams', urls(11), 'PublishCdnParams is an array of 11; it must have at most 10 items.'),
  invalid(4, 'FeedBackRoomParams', rooms(11), 'FeedBackRoomParams is an array of 11; it must have at most 10 items.'),
  invalid(
    5,
    `${layout}.MixLayoutList`,
    Array.from({ length: 17 }, () => ({})),
    `${layout}.MixLayoutList is an array of 17; it must have at most 16 items.`,
  ),
  invalid(6, url, 'http://a.example.com/live/SECRET', rtmp),
  invalid(6, url, 'rtmps://a.example.com/live/SECRET', rtmp),
  invalid(6, url, 'rtmp://a.example.com/live/SECRET\r\n', rtmp),
  invalid(
    7,
    'PublishCdnParams',
    [...urls(1), ...urls(1)],
    `PublishCdnParams.1.PublishCdnUrl must not repeat ${url}; its value is not shown.`,
  ),
  outside(8, 'RoomIdType', 2, 'one of 0, 1'),
  outside(8, 'WithTranscoding', 2, 'one of 0, 1'),
  outside(8, `${tile}.UserMediaStream.StreamType`, 2, 'one of 0, 1'),
  outside(8, `${layout}.MixLayoutMode`, 5, 'one of 1, 2, 3, 4'),
  outside(8, `${layout}.RenderMode`, 3, 'one of 0, 1, 2'),
  outside(8, `${layout}.PureAudioHoldPlaceMode`, 2, 'one of 0, 1'),
  outside(8, `${tile}.RenderMode`, 3, 'one of 0, 1, 2'),
  outside(8, `${tile}.BackgroundRenderMode`, 5, 'one of 0, 1, 2, 3, 4'),
  outside(8, `${tile}.BackGroundColorMode`, 4, 'one of 0, 1, 2, 3'),
  outside(8, `${tile}.EnableStreamSEI`, 2, 'one of 0, 1'),
  outside(8, 'VideoParams.BackgroundRenderMode', 3, 'one of 0, 1, 2'),
  outside(8, `${mark}.WaterMarkType`, 2, 'one of 0, 1'),
  outside(8, `${mark}.WaterMarkImage.DynamicPosType`, 3, 'one of 0, 1, 2'),
  outside(8, 'PublishCdnParams.0.IsTencentCdn', 2, 'one of 0, 1'),
  outside(9, 'RoomId', '0', integerRoom),
  outside(9, 'RoomId', '4294967295', integerRoom),
  outside(9, 'RoomId', 'lobby', integerRoom),
  outside(9, 'RoomId', '007', integerRoom),
  outside(9, `${tileUser}.RoomId`, 'x', integerRoom),
  invalid(9, tileUser, { UserId: 'a', RoomId: x(65), RoomIdType: 1 }, `${tileUser}.RoomId is "${cut}"; it must be ${stringRoom}.`),
  invalid(9, tileUser, { UserId: 'a', RoomId: 'é', RoomIdType: 1 }, `${tileUser}.RoomId is "é"; it must be ${stringRoom}.`),
  outside(10, 'AgentParams.MaxIdleTime', 4, 'an integer from 5 to 86400'),
  outside(10, 'AgentParams.MaxIdleTime', 86401, 'an integer from 5 to 86400'),
  missing(11, 'AudioParams'),
  missing(11, encode),
  outside(12, `${encode}.SampleRate`, 22050, 'one of 48000, 44100, 32000, 24000, 16000, 8000'),
  outside(12, `${encode}.Channel`, 3, 'one of 1, 2'),
  outside(12, `${encode}.BitRate`, 7, 'an integer from 8 to 500'),
  outside(12, `${encode}.BitRate`, 501, 'an integer from 8 to 500'),
  outside(12, `${encode}.Codec`, 3, 'one of 0, 1, 2'),
  invalid(
    12,
    encode,
    { SampleRate: 48000, Channel: 1, BitRate: 64, Codec: 2 },
    `${encode}.Channel is 1; it must be 2 when Codec is 2 (HE-AACv2).`,
  ),
  invalid(
    12,
    encode,
    { SampleRate: 8000, Channel: 1, BitRate: 64, Codec: 1 },
    `${encode}.SampleRate is 8000; it must be above 8000 when Codec is 1 (HE-AAC).`,
  ),
  missing(13, picture),
  missing(13, `${picture}.Gop`),
  outside(14, `${picture}.Width`, 1, 'an integer from 2 to 1920'),
  outside(14, `${picture}.Width`, 1921, 'an integer from 2 to 1920'),
  outside(14, `${picture}.Height`, 1, 'an integer from 2 to 1920'),
  outside(14, `${picture}.Height`, 1921, 'an integer from 2 to 1920'),
  outside(14, `${picture}.Fps`, 0, 'an integer from 1 to 60'),
  outside(14, `${picture}.Fps`, 61, 'an integer from 1 to 60'),
  outside(14, `${picture}.BitRate`, 0, 'an integer from 1 to 10000'),
  outside(14, `${picture}.BitRate`, 10001, 'an integer from 1 to 10000'),
  outside(14, `${picture}.Gop`, 0, 'an integer from 1 to 5'),
  outside(14, `${picture}.Gop`, 6, 'an integer from 1 to 5'),
  missing(15, 'WithTranscoding', 0, 'SingleSubscribeParams', ': WithTranscoding is 0'),
  invalid(16, 'SingleSubscribeParams', oneStream, 'SingleSubscribeParams is an object; it must stay away when WithTranscoding is 1.'),
  invalid(
    18,
    layout,
    { MixLayoutMode: 4 },
    `${layout}.MixLayoutList is an array of 0; it must have 1 to 16 items when MixLayoutMode is 4.`,
  ),
  invalid(
    18,
    `${layout}.MixLayoutList`,
    [],
    `${layout}.MixLayoutList is an array of 0; it must have 1 to 16 items when MixLayoutMode is 4.`,
  ),
  invalid(20, `${tile}.LocationX`, 641, `${tile}.LocationX + ImageWidth is 1281; it must stay inside the canvas of 1280 x 720.`),
  invalid(20, `${tile}.LocationY`, 1, `${tile}.LocationY + ImageHeight is 721; it must stay inside the canvas of 1280 x 720.`),
  ...[1, 2].map((MixLayoutMode) =>
    invalid(
      21,
      layout,
      { MixLayoutMode, MaxVideoUser: userInRoom2 },
      `${layout}.MaxVideoUser.UserMediaStream.UserInfo.RoomId is "2"; it must be the main room in a dynamic layout.`,
    ),
  ),
  invalid(23, `${tile}.BackgroundRenderMode`, 4, `${tile}.BackgroundRenderMode is 4; it must come with BackgroundCustomRender.`),
  invalid(23, tile, placeholder({ Width: 11, Height: 10 }), `${box}.Width is 11; it must be at most the tile's 10.`),
  invalid(23, tile, placeholder({ Width: 10, Height: 11 }), `${box}.Height is 11; it must be at most the tile's 10.`),
  invalid(23, tile, placeholder({ Width: 10, Height: 8, Radius: 5 }), `${box}.Radius is 5; it must be at most half the smaller side, 4.`),
  invalid(
    24,
    crop,
    { LocationX: 9000, LocationY: 0, Width: 1001, Height: 1 },
    `${crop}.LocationX + Width is 10001; it must be at most 10000.`,
  ),
  invalid(
    24,
    crop,
    { LocationX: 0, LocationY: 9000, Width: 1, Height: 1001 },
    `${crop}.LocationY + Height is 10001; it must be at most 10000.`,
  ),
  invalid(24, crop, { LocationX: 0, LocationY: 0, Width: 0, Height: 1 }, `${crop}.Width is 0; it must be an integer from 1 to 10000.`),
  missing(25, mark, { WaterMarkType: 1 }, `${mark}.WaterMarkText`, ': WaterMarkType is 1'),
  missing(25, mark, {}, `${mark}.WaterMarkImage`, ': WaterMarkType is 0'),
  outside(27, 'VideoParams.BackGroundColor', '#FF0000', color),
  outside(27, `${tile}.BackGroundColor`, '0xFF00', color),
  invalid(27, mark, { WaterMarkType: 1, WaterMarkText: text }, `${mark}.WaterMarkText.FontColor is "red"; it must be ${color}.`),
  invalid(28, `${sei}.LayoutVolume.AppData`, x(4096), `${sei}.LayoutVolume.AppData is "${cut}"; it must have fewer than 4096 bytes.`),
  outside(28, `${sei}.LayoutVolume.PayloadType`, 244, 'from 100 to 254, except 244'),
  outside(28, `${sei}.LayoutVolume.PayloadType`, 99, 'an integer from 100 to 254'),
  outside(28, `${sei}.LayoutVolume.FollowIdr`, 2, 'one of 0, 1'),
  invalid(
    28,
    `${sei}.PassThrough`,
    { PayloadContent: 'x', PayloadType: 5 },
    `${sei}.PassThrough.PayloadUuid is absent; it must be 32 hexadecimal digits when PayloadType is 5.`,
  ),
  invalid(
    28,
    `${sei}.PassThrough`,
    { PayloadContent: 'x', PayloadType: 5, PayloadUuid: 'ca45' },
    `${sei}.PassThrough.PayloadUuid is "ca45"; it must be 32 hexadecimal digits when PayloadType is 5.`,
  ),
  invalid(
    28,
    `${sei}.PassThrough`,
    { PayloadContent: 'x', PayloadType: 6 },
    `${sei}.PassThrough.PayloadType is 6; it must be 5, or from 100 to 254 except 244.`,
  ),
  missing(28, `${sei}.PassThrough`, { PayloadContent: 'x' }, `${sei}.PassThrough.PayloadType`),
  invalid(30, 'RecordParams', {}, 'RecordParams.UniRecord is absent; it must be one of 1, 2, 3.'),
  outside(30, 'RecordParams.UniRecord', 0, 'one of 1, 2, 3'),
  outside(30, 'RecordParams.UniRecord', 4, 'one of 1, 2, 3'),
  outside(31, 'RecordParams.RecordKey', 'a b', 'at most 128 characters out of A-Z a-z 0-9 _ -'),
  invalid(
    31,
    'RecordParams.RecordKey',
    x(129),
    `RecordParams.RecordKey is "${cut}"; it must be at most 128 characters out of A-Z a-z 0-9 _ -.`,
  ),
  invalid(
    31,
    'RecordParams.UserDefineRecordPrefix',
    x(65),
    `RecordParams.UserDefineRecordPrefix is "${cut}"; it must be at most 64 characters out of A-Z a-z 0-9 _ -.`,
  ),
  invalid(
    32,
    'RecordParams',
    { UniRecord: 2, RecordFormat: ['mp4', 'aac'] },
    'RecordParams.RecordFormat is an array of 2; it must not hold both mp4 and aac.',
  ),
  invalid(32, 'RecordParams.RecordFormat', ['flv'], 'RecordParams.RecordFormat.0 is "flv"; it must be one of hls, mp4, aac.'),
  missing(33, 'RecordParams.UniRecord', 3, 'RecordParams.McuStorageParams', ': UniRecord 3 needs CloudStorage or McuCloudVod'),
  invalid(
    33,
    'RecordParams',
    { UniRecord: 3, McuStorageParams: { CloudStorage: storage, McuCloudVod: {} } },
    'RecordParams.McuStorageParams is an object; it must hold CloudStorage or McuCloudVod, not both.',
  ),
  invalid(
    34,
    'FeedBackRoomParams',
    [{ RoomId: '295066', RoomIdType: 0, UserId: 'mix_295066', UserSig: 'SECRET' }],
    'FeedBackRoomParams.0.UserId is "mix_295066"; it must differ from AgentParams.UserId in the same room.',
  ),
  invalid(
    34,
    'FeedBackRoomParams',
    [...rooms(1), ...rooms(1)],
    'FeedBackRoomParams.1.UserId is "f0"; it must differ from FeedBackRoomParams.0.UserId in the same room.',
  ),
  invalid(35, 'AgentParams.UserSig', 'SECRET', 'AgentParams.UserSig is not a version 2.0 UserSig.'),
  invalid(35, 'AgentParams.UserSig', userSig('someone'), 'AgentParams.UserSig was issued for another user.'),
  invalid(35, 'AgentParams.UserSig', userSig('mix_295066', -1), 'AgentParams.UserSig has expired.'),
  [36, 'SdkAppId', 7, 'InvalidParameter.SdkAppId', 'SdkAppId 7 is not known.'],
])('Start: rule %i, %s as %j', async (_rule, path, value, Code, Message) => {
  const { call, tasks } = gatewayUnderTest()
  const { Error: error } = await call('StartPublishCdnStream', changeAt(av, path, value))
  expect(error).toEqual({ Code, Message })
  expect(Message).not.toContain('SECRET')
  expect(tasks.held.size).toBe(0)
})

test.each([
  [19, layout, { MixLayoutMode: 3, MixLayoutList: [{ LocationX: 9999 }], MaxVideoUser: userInRoom2 }],
  [19, `${layout}.PureAudioHoldPlaceMode`, 1],
  [22, `${layout}.MixLayoutList`, [{ UserMediaStream: oneStream.UserMediaStream }, { UserMediaStream: oneStream.UserMediaStream }]],
  [26, 'VideoParams.BackgroundImageUrl', 'https://a.example.com/a$.png'],
  [26, 'VideoParams.BackgroundImageUrl', 'https://a.example.com/a.tiff'],
])('Start: rule %i, %s as %j is accepted', async (_rule, path, value) => {
  expect(await gatewayUnderTest().call('StartPublishCdnStream', changeAt(av, path, value))).toMatchObject({ TaskId: 'task-1' })
})

test('Start: rule 29, SEI in a task of sound', async () => {
  const { Error: error } = await gatewayUnderTest().call('StartPublishCdnStream', changeAt(sound, sei, { LayoutVolume: {} }))
  expect(error).toEqual({ Code: 'InvalidParameter', Message: 'SeiParams is an object; it must stay away from a task without video.' })
})

test('Start: rule 37, more tasks than the quota', async () => {
  const { call } = gatewayUnderTest({ tasks: new FakeTasks(1) })
  await call('StartPublishCdnStream', av)
  const { Error: error } = await call('StartPublishCdnStream', av)
  expect(error).toMatchObject({ Code: 'FailedOperation.RestrictedConcurrency', Message: expect.stringContaining('1') })
})

test.each(['UpdatePublishCdnStream', 'StopPublishCdnStream'])('%s: rule 38, a task that is not there', async (action) => {
  const { call } = gatewayUnderTest()
  await call('StartPublishCdnStream', av)
  const more = action === 'UpdatePublishCdnStream' ? { SequenceNumber: 1, WithTranscoding: 1 } : {}
  const answer = (TaskId: string) => call(action, { ...stopBody(TaskId), ...more })
  expect((await answer('task-2')).Error).toMatchObject({ Code: 'ResourceNotFound', Message: expect.stringContaining('task-2') })
  await call('StopPublishCdnStream', stopBody())
  expect((await answer('task-1')).Error).toMatchObject({ Code: 'ResourceNotFound', Message: expect.stringContaining('task-1') })
})

const keeps = (name: string, value: number, kept: number) => `${encode}.${name}: it is ${value}, and a running task keeps its ${kept}.`
const sameSound = { SampleRate: 48000, Channel: 2, BitRate: 64 }
const unsupported = 'UnsupportedOperation'

test.each<Row>([
  missing(1, 'SequenceNumber'),
  missing(2, 'PublishCdnParams', [], 'PublishCdnParams', ': a task must keep an address or a room to relay to'),
  invalid(
    20,
    'VideoParams',
    { VideoEncode: { Width: 640, Height: 360, Fps: 15, BitRate: 500, Gop: 2 } },
    `${picture} is "640 x 360"; it must hold tile 0 of the present layout.`,
  ),
  invalid(39, 'SequenceNumber', 0, 'SequenceNumber is 0; it must be above 1.'),
  invalid(39, 'SequenceNumber', 1, 'SequenceNumber is 1; it must be above 1.'),
  [41, encode, { ...sameSound, Codec: 1 }, unsupported, keeps('Codec', 1, 0)],
  [41, encode, { ...sameSound, SampleRate: 44100 }, unsupported, keeps('SampleRate', 44100, 48000)],
  [41, encode, { ...sameSound, Channel: 1 }, unsupported, keeps('Channel', 1, 2)],
  [41, encode, { ...sameSound, BitRate: 65 }, unsupported, keeps('BitRate', 65, 64)],
  [42, 'SingleSubscribeParams', oneStream, unsupported, 'SingleSubscribeParams: a task that transcodes relays no single stream.'],
])('Update: rule %i, %s as %j', async (_rule, path, value, Code, Message) => {
  const { call, tasks } = gatewayUnderTest()
  await call('StartPublishCdnStream', av)
  const update = { ...stopBody(), SequenceNumber: 1, WithTranscoding: 1 }
  await call('UpdatePublishCdnStream', update)
  const before = structuredClone(tasks.held.get('task-1'))
  const { Error: error } = await call('UpdatePublishCdnStream', changeAt({ ...update, SequenceNumber: 2 }, path, value))
  expect(error).toEqual({ Code, Message })
  expect(tasks.held.get('task-1')).toEqual(before)
})

test('Update: rule 40, a picture for a task of sound', async () => {
  const { call } = gatewayUnderTest()
  await call('StartPublishCdnStream', sound)
  const update = { ...stopBody(), SequenceNumber: 1, WithTranscoding: 1, VideoParams: { BackGroundColor: '0x000000' } }
  const { Error: error } = await call('UpdatePublishCdnStream', update)
  expect(error).toEqual({ Code: unsupported, Message: 'VideoParams: the task was started without video.' })
})
