// The kinds of values that travel on the wire. Every message reads on after "it".
import { z } from 'zod'

// Official clients send some integers as decimal strings, and flattened requests all of them.
const fromDecimal = (value: unknown): unknown => (typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? Number(value) : value)

/** An integer, or its decimal text, within both bounds. */
export function integer(min: number, max: number) {
  const rule = `must be an integer from ${min} to ${max}`
  return z.preprocess(fromDecimal, z.int(rule).min(min, rule).max(max, rule))
}

/** An integer, or its decimal text, out of a set. */
export const choice = <const T extends readonly number[]>(...values: T) =>
  z.preprocess(fromDecimal, z.literal(values, `must be one of ${values.join(', ')}`))

const notString = 'must be a string'

/** A text out of a set. */
export const word = <const T extends readonly string[]>(...values: T) => z.literal(values, `must be one of ${values.join(', ')}`)

/** Any text. */
export const text = () => z.string(notString)

/** A text that matches. */
export const matching = (pattern: RegExp, rule: string) => z.string(notString).regex(pattern, rule)

/** `0xRRGGBB`. */
export const color = () => matching(/^0x[0-9a-fA-F]{6}$/, 'must be 0x and six hexadecimal digits')

export const userId = () => matching(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1 to 32 characters out of A-Z a-z 0-9 _ -')

export const sdkAppId = () => integer(1, 4294967295)

/** Task ids are opaque; only their length is bounded. */
export const taskId = () => matching(/^.{1,128}$/s, 'must have 1 to 128 characters')

/** Distance from the left or upper edge in pixels. */
export const offsetPx = () => integer(0, 65535)

export const zOrder = () => integer(0, 4294967295)

/** An object in which undefined members are errors. */
export const object = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.strictObject(shape, 'must be an object')

export const array = <Item extends z.ZodType>(item: Item, max?: number) => {
  const items = z.array(item, 'must be an array')
  return max === undefined ? items : items.max(max, `must have at most ${max} items`)
}
