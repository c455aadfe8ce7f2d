// RTMP messages and their numbers (Adobe, RTMP Specification 1.0, 5.4, 6.2, 7.1).

export const messageType = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowAckSize: 5,
  peerBandwidth: 6,
  audio: 8,
  video: 9,
  data: 18,
  command: 20,
} as const

/** Chunk streams, chosen as encoders commonly do. */
export const chunkStream = { control: 2, command: 3, audio: 4, data: 5, video: 6 } as const

export interface RtmpMessage {
  readonly type: number
  readonly streamId: number
  readonly timestampMs: number
  readonly body: Buffer
}
