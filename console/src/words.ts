// How figures and instants read.

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'medium' })

export const instant = (unixMs: number | null): string => (unixMs === null ? '–' : clock.format(unixMs))

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`

export const roomName = (room: { kind: string; name: string }): string => (room.kind === 'number' ? room.name : `“${room.name}”`)

/** The class that colours a state. */
export const tone = (state: string): string => tones[state] ?? 'quiet'

const tones: Record<string, string> = {
  running: 'good',
  starting: 'busy',
  connecting: 'busy',
  stopping: 'busy',
  disconnecting: 'busy',
  recovering: 'warn',
  idle: 'quiet',
  ended: 'quiet',
  failed: 'bad',
}
