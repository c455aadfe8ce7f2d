// Whose sound is in the mix, and how loud.
import type { AudioSpec } from './mix-spec.ts'
import type { Participant } from './participants.ts'
import { userKey } from './room.ts'

/** Voices beyond this many are left out, latest entrants first. */
export const MAX_VOICES = 16

/**
 * Gains (0 to 1) of everybody heard, by `userKey`.
 * No allowlist means everybody; the blocklist wins over it.
 * @param participants those present, in order of entry
 */
export function audioGains(audio: AudioSpec, participants: readonly Participant[]): Map<string, number> {
  const blocked = new Set(audio.block.map(userKey))
  const levels = audio.allow === null ? null : new Map(audio.allow.map((input) => [userKey(input), input.level]))
  const gains = new Map<string, number>()
  for (const participant of participants) {
    if (gains.size === MAX_VOICES) break
    const key = userKey(participant)
    const gain = levels === null ? 1 : levels.get(key)
    if (participant.sendsAudio && gain !== undefined && !blocked.has(key)) gains.set(key, gain)
  }
  return gains
}
