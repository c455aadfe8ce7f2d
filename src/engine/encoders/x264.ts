// libx264, set up for live streaming.
import type { H264Codec } from './h264-codec.ts'

export const x264: H264Codec = {
  encoderName: 'libx264',
  options: {
    preset: 'veryfast',
    // No B-frames, no look-ahead: a picture's packet leaves with the picture.
    tune: 'zerolatency',
    profile: 'high',
    'forced-idr': '1',
    // Key frames come from our own schedule only, so that their distance is exact and can change live.
    'x264-params': 'keyint=infinite:scenecut=0:annexb=0',
  },
}
