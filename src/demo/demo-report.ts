// The figures of a demo run as JSON.
import { cpus } from 'node:os'
import type { EngineStats } from '../engine/ipc.ts'
import { maskUrls } from '../fleet/masked-urls.ts'
import type { RoomsStats } from '../rooms/ipc.ts'
import type { ParticipantsStats } from './participants-ipc.ts'
import type { Verdict } from './recording-judge.ts'

export interface DemoRun {
  readonly verdict: Verdict
  readonly startToFirstPacketMs: number
  readonly engine: EngineStats | null
  readonly rooms: RoomsStats
  readonly participants: ParticipantsStats
}

/** Figures of the run; CPU in seconds since the start of each process, memory in bytes. */
export function demoReport({ verdict, startToFirstPacketMs, engine, rooms, participants }: DemoRun) {
  const { user, system } = process.cpuUsage()
  return {
    date: new Date().toISOString(),
    machine: { cpus: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version },
    isRight: verdict.problems.length === 0,
    problems: verdict.problems,
    startToFirstPacketMs: Math.round(startToFirstPacketMs),
    received: {
      frames: verdict.frames,
      fps: verdict.fps,
      longestGapMs: verdict.longestGapMs,
      freshShare: verdict.freshShare,
      toneLevels: verdict.toneLevels,
    },
    engine: engine === null ? null : { ...engine, outputs: engine.outputs.map((output) => ({ ...output, url: maskUrls(output.url) })) },
    rooms,
    server: { cpuSec: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() },
    participants,
  }
}
