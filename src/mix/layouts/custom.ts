// The custom layout: static tiles, some reserved by name, the others given out in order of entry.
import type { CustomLayoutSpec } from '../mix-spec.ts'
import type { Participant } from '../participants.ts'
import type { Region } from '../region.ts'
import { userKey, type StreamRef } from '../room.ts'
import type { LayoutInput } from './layout-input.ts'

/**
 * Tiles by relay-api.md section 8.6. A named tile belongs to its stream whether it is there or not.
 * An unnamed one is taken by the earliest entrant who sends something, has no named tile and no
 * place yet; it is theirs until they leave, whatever they switch off meanwhile. Tiles keep their
 * holders across an update of the layout by their place in the list.
 */
export function customRegions(layout: CustomLayoutSpec, { participants, previous }: LayoutInput): Region[] {
  const named = new Set(layout.tiles.flatMap((tile) => (tile.stream === null ? [] : [userKey(tile.stream)])))
  const candidates = new Map<string, Participant>()
  for (const participant of participants) if (!named.has(userKey(participant))) candidates.set(userKey(participant), participant)
  const placed = new Set<string>()
  const holders = layout.tiles.map((tile, index) => {
    const stream = tile.stream === null ? previous?.[index]?.stream : null
    const key = stream ? userKey(stream) : null
    const holder = key === null || placed.has(key) ? undefined : candidates.get(key)
    if (key === null || holder === undefined) return null
    placed.add(key)
    return cameraOf(holder)
  })
  const waiting = [...candidates.values()]
    .filter((participant) => !placed.has(userKey(participant)) && sendsSomething(participant))
    .map(cameraOf)
  return layout.tiles.map((tile, index) => ({ ...tile, stream: tile.stream ?? holders[index] ?? waiting.shift() ?? null }))
}

const sendsSomething = ({ sendsCamera, sendsScreen, sendsAudio }: Participant): boolean => sendsCamera || sendsScreen || sendsAudio

const cameraOf = ({ room, userId }: Participant): StreamRef => ({ room, userId, source: 'camera' })
