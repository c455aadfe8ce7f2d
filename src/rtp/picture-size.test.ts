import { expect, test } from 'vitest'
import { pictureSize, spsSize } from './picture-size.ts'

/** Parameter sets as x264 wrote them. */
const sequenceParameterSets: [name: string, hex: string, widthPx: number, heightPx: number][] = [
  ['720p baseline', '6742c01fd9005005bb011000000300100000030140f1832480', 1280, 720],
  ['720p high', '6764001facd9405005bb011000000300100000030140f1831960', 1280, 720],
  ['1080p baseline, cropped', '6742c028d900780227e5c044000003000400000300503c60c920', 1920, 1080],
  ['1080p high, cropped', '67640028acd940780227e5c044000003000400000300503c60c658', 1920, 1080],
  ['odd size', '6742c00bd901519e2223011000000300100000030140f142a480', 322, 178],
]

test.each(sequenceParameterSets)('SPS: %s', (_name, hex, widthPx, heightPx) => {
  const sps = Buffer.from(hex, 'hex')
  expect(spsSize(sps)).toEqual({ widthPx, heightPx })
  expect(pictureSize('h264', sps, 0, sps.length)).toEqual({ widthPx, heightPx })
  const aggregate = Buffer.concat([Buffer.from([0x78, 0, 2, 6, 5, 0, sps.length]), sps])
  expect(pictureSize('h264', aggregate, 0, aggregate.length)).toEqual({ widthPx, heightPx })
})

test('interlaced SPS counts fields', () => {
  expect(spsSize(Buffer.from('674d4020eca02805dea4c044000003000400000300507c58b658', 'hex'))).toEqual({ widthPx: 1278, heightPx: 724 })
})

test('a VP8 key frame tells its size, a delta frame none', () => {
  const key = Buffer.from('10' + 'b057009d012a4201b2000047', 'hex')
  expect(pictureSize('vp8', key, 0, key.length)).toEqual({ widthPx: 322, heightPx: 178 })
  key[1]! |= 1
  expect(pictureSize('vp8', key, 0, key.length)).toBeNull()
})

test('what is cut short or no key frame tells nothing', () => {
  const sps = Buffer.from(sequenceParameterSets[0]![1], 'hex')
  expect(spsSize(sps.subarray(0, 6))).toBeNull()
  expect(pictureSize('h264', Buffer.from('419a00', 'hex'), 0, 3)).toBeNull()
  expect(pictureSize('vp8', Buffer.from('10b057', 'hex'), 0, 3)).toBeNull()
  expect(pictureSize('opus', sps, 0, sps.length)).toBeNull()
})
