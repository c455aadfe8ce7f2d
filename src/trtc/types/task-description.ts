// A task as the actions of ours describe it. Addresses are cut after their host: keys travel in the rest.
import { z } from 'zod'

export const taskStates = ['starting', 'running', 'idle', 'stopping', 'ended'] as const

const at = () => z.int().describe('Unix milliseconds')
const outputState = z.enum(['idle', 'connecting', 'running', 'recovering', 'failed', 'disconnecting'])

const output = z.object({
  Url: z.string().describe('protocol and host'),
  State: outputState.describe('`failed`: not connected for 60 s; attempts go on all the same'),
  ChangeTimeMs: at(),
  Error: z.string().nullable().describe('why, of the state or of the attempt before it'),
  BytesSent: z.int(),
  FramesSent: z.int(),
  FramesDropped: z.int(),
  QueueBytes: z.int(),
  Reconnects: z.int(),
})

const input = z.object({
  UserId: z.string(),
  Kind: z.enum(['camera', 'screen', 'microphone']),
  Codec: z.string(),
  Packets: z.int(),
  PacketsLost: z.int().describe('never came'),
  FramesDecoded: z.int(),
  KeyFrameRequests: z.int(),
  Width: z.int(),
  Height: z.int(),
  DelayMs: z.number().describe('how much later than captured it is shown or heard'),
})

const engine = z.object({
  Fps: z.number(),
  VideoKbps: z.number(),
  AudioKbps: z.number(),
  TicksLate: z.int().describe('pictures begun more than half a frame late'),
  TicksSkipped: z.int().describe('pictures left out'),
  AudioUnderruns: z.int(),
  CpuSec: z.number(),
  RssBytes: z.int(),
})

export const taskDescription = z.object({
  TaskId: z.string(),
  SdkAppId: z.int(),
  RoomId: z.string(),
  RoomIdType: z.int().describe('0 number room, 1 string room'),
  AgentUserId: z.string().describe('the robot'),
  State: z.enum(taskStates),
  IsPaused: z.boolean().describe('outputs are disconnected, the mix goes on'),
  EndReason: z.enum(['stopped', 'idle_timeout', 'robot_removed', 'room_dismissed', 'internal_error']).nullable(),
  LastError: z.string().nullable().describe('why it ended, or the newest error of its outputs'),
  CreateTimeMs: at(),
  StartTimeMs: at().nullable(),
  EndTimeMs: at().nullable(),
  FirstPacketMs: z.number().nullable().describe('from the present engine’s job to its first media packet sent'),
  Restarts: z.int().describe('engines after the first'),
  MaxIdleTime: z.int().describe('seconds'),
  EstimatedCost: z.number().describe('cores'),
  Outputs: z.array(output).describe('in the order of PublishCdnParams; counters are of the present engine'),
  Inputs: z.array(input).describe('of the present engine'),
  PictureFailures: z.array(z.object({ Url: z.string(), TimeMs: at(), Message: z.string() })).describe('pictures the mix goes without'),
  Engine: engine.nullable().describe('figures at most a second old; null: no engine on this server'),
})

export type TaskDescription = z.output<typeof taskDescription>
