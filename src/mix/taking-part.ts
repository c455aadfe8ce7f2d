// Who a mix waits for: the participants whose absence makes it idle.
import type { MixSpec } from './mix-spec.ts'
import type { Participant } from './participants.ts'
import { userKey } from './room.ts'

/**
 * Whether anybody the mix is about is in the room and publishes. Someone muted still does.
 * With an open selection (no allowlist, an unnamed tile, a grid) everybody counts; otherwise those named.
 */
export function isAnybodyTakingPart(spec: MixSpec, participants: readonly Participant[]): boolean {
  const publishing = participants.filter((one) => one.sendsAudio || one.sendsCamera || one.sendsScreen)
  const named = namedUsers(spec)
  return named === null ? publishing.length > 0 : publishing.some((one) => named.has(userKey(one)))
}

/** `null`: everybody. */
function namedUsers({ audio, video }: MixSpec): Set<string> | null {
  if (audio.allow === null) return null
  const names = audio.allow.map(userKey)
  if (video === null) return new Set(names)
  if (video.layout.kind === 'grid') return null
  for (const tile of video.layout.tiles) {
    if (tile.stream === null) return null
    names.push(userKey(tile.stream))
  }
  return new Set(names)
}
