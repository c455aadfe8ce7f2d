// Figures as an engine reports them, for tests of what reads them.
import type { EngineStats, InputStats, OutputStats } from '../../src/engine/ipc.ts'

export const engineFigures = (changes: Partial<EngineStats> = {}): EngineStats => ({
  ticks: 100,
  ticksSkipped: 0,
  ticksLate: 0,
  framesRepeated: 0,
  framesEncoded: 100,
  fps: 15,
  videoKbps: 1500,
  audioKbps: 64,
  firstPacketMs: 250,
  audioUnderruns: 0,
  inputs: [],
  outputs: [],
  cpuSec: 1,
  rssBytes: 1e8,
  ...changes,
})

export const inputFigures = (changes: Partial<InputStats> = {}): InputStats => ({
  userId: 'alice',
  kind: 'camera',
  codec: 'h264',
  packets: 100,
  packetsLost: 0,
  framesDecoded: 50,
  keyFrameRequests: 1,
  widthPx: 1280,
  heightPx: 720,
  delayMs: 100,
  ...changes,
})

export const outputFigures = (changes: Partial<OutputStats> = {}): OutputStats => ({
  url: 'rtmp://127.0.0.1/live/secret-key',
  state: 'running',
  bytesSent: 0,
  framesSent: 30,
  framesDropped: 0,
  queueBytes: 0,
  reconnects: 0,
  ...changes,
})
