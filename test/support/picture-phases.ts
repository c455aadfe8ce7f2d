// Follows what a recording shows through the looks it must have one after the other.
import type { CodeRow, RecordedPicture, Rgb } from './recorded-pictures.ts'

/** What 4:2:0, limited range and the encoder may do to a flat colour. */
const colorTolerance = 14
/** More than a period of a mix of 15 pictures a second, less than one that was left out. */
const longestGapMs = 68
const shortestGapMs = 66

/** One look of the mix. */
export interface Phase {
  readonly name: string
  /** Points with the colour (`0xRRGGBB`) of their surroundings; neighbouring phases must differ in them. */
  readonly looks: readonly (readonly [xPx: number, yPx: number, color: number])[]
  /** For sources that are coarse themselves. */
  readonly tolerance?: number
  /** Where the time codes of those shown lie, by user. */
  readonly codes: Readonly<Record<string, CodeRow>>
}

export interface SeenPicture {
  readonly phase: string
  readonly timeMs: number
  /** Unix ms at which what each tile shows was captured, by user. */
  readonly captured: Readonly<Record<string, number>>
}

export const isColor = (seen: Rgb, color: number, tolerance = colorTolerance): boolean =>
  [color >> 16, (color >> 8) & 255, color & 255].every((value, index) => Math.abs(value - (seen[index] ?? NaN)) <= tolerance)

/**
 * Gives every picture from the first that looks like the first phase on. Each must look like the phase before it or like the next one.
 * @throws {Error} at a picture that looks otherwise or has no time code where there must be one, and when a phase never comes
 */
export function followPhases(pictures: readonly RecordedPicture[], phases: readonly Phase[]): SeenPicture[] {
  const seen: SeenPicture[] = []
  let current = -1
  for (const picture of pictures) {
    const now = current < 0 ? undefined : phases[current]
    const next = phases[current + 1]
    if (now === undefined || !looksLike(picture, now)) {
      if (next !== undefined && looksLike(picture, next)) current += 1
      else if (now !== undefined) throw new Error(`${describe(picture, now)} ${next === undefined ? '' : describe(picture, next)}`)
    }
    const phase = phases[current]
    if (phase === undefined) continue
    seen.push({ phase: phase.name, timeMs: picture.timeMs, captured: readCodes(picture, phase) })
  }
  if (current < phases.length - 1) throw new Error(`The recording never shows "${phases[current + 1]?.name}".`)
  return seen
}

/** What is wrong with the rhythm: pictures missing or doubled. */
export function rhythmFaults(pictures: readonly { readonly timeMs: number }[]): string[] {
  return pictures.flatMap(({ timeMs }, index) => {
    const gapMs = timeMs - (pictures[index - 1]?.timeMs ?? timeMs - longestGapMs)
    return gapMs < shortestGapMs - 0.5 || gapMs > longestGapMs + 0.5 ? [`${gapMs} ms before ${timeMs}`] : []
  })
}

/**
 * What is wrong with the motion in tiles that stay: pictures repeated, or left out. Sources must have at least twice the rate of the mix.
 */
export function motionFaults(seen: readonly SeenPicture[]): string[] {
  return seen.slice(1).flatMap(({ timeMs, captured, phase }, index) =>
    Object.entries(captured).flatMap(([user, at]) => {
      const before = seen[index]?.captured[user]
      if (before === undefined) return []
      const advancedMs = at - before
      return advancedMs >= 33 && advancedMs <= 134 ? [] : [`${user} goes on by ${advancedMs} ms at ${timeMs} (${phase})`]
    }),
  )
}

/** The first picture of a phase. */
export function firstOf(seen: readonly SeenPicture[], phase: string): SeenPicture {
  const first = seen.find((one) => one.phase === phase)
  if (first === undefined) throw new Error(`No picture is of "${phase}".`)
  return first
}

const looksLike = (picture: RecordedPicture, { looks, tolerance }: Phase): boolean =>
  looks.every(([x, y, color]) => isColor(picture.colorAt(x, y), color, tolerance))

function readCodes(picture: RecordedPicture, { name, codes }: Phase): Record<string, number> {
  return Object.fromEntries(
    Object.entries(codes).map(([user, row]) => {
      const at = picture.capturedAt(row)
      if (at === null) throw new Error(`At ${picture.timeMs} ms no time code of ${user} is there (${name}).`)
      return [user, at]
    }),
  )
}

function describe(picture: RecordedPicture, { name, looks }: Phase): string {
  const points = looks.map(
    ([x, y, color]) => `${x},${y} is ${picture.colorAt(x, y).join(' ')} for 0x${color.toString(16).padStart(6, '0')}`,
  )
  return `At ${picture.timeMs} ms it does not look like "${name}": ${points.join('; ')}.`
}
