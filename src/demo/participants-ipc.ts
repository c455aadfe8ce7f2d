// The contract between the demo and the process of its synthetic participants, spoken by birpc over the fork channel.
import type { ParticipantStats, SyntheticParticipantOptions } from './synthetic-participant.ts'

export type ParticipantSettings = Omit<SyntheticParticipantOptions, 'log'>

export interface ParticipantsCalls {
  /** Lets them all publish; resolves when the media of all flows. */
  start(participants: readonly ParticipantSettings[]): Promise<void>
  /** In the order of `start`. */
  stats(): Promise<ParticipantsStats>
  /** They leave their rooms. */
  stop(): Promise<void>
}

export interface ParticipantsStats {
  readonly participants: readonly ParticipantStats[]
  readonly cpuSec: number
  readonly rssBytes: number
}
