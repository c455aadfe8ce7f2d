// AMF0: the values of RTMP commands and FLV metadata (Adobe, Action Message Format AMF 0, 2007).

export type Amf0Value = number | boolean | string | null | undefined | readonly Amf0Value[] | { readonly [name: string]: Amf0Value }

const marker = {
  number: 0,
  boolean: 1,
  string: 2,
  object: 3,
  null: 5,
  undefined: 6,
  ecmaArray: 8,
  objectEnd: 9,
  strictArray: 10,
  date: 11,
  longString: 12,
} as const

/** Nested deeper than this, a value is an attack. */
const MAX_DEPTH = 16

/** Encodes values one after the other; lists become strict arrays, other objects plain objects. */
export const encodeAmf0 = (...values: readonly Amf0Value[]): Buffer => Buffer.concat(values.map(encodeValue))

/** Encodes an object the way FLV metadata carries it, as an ECMA array. */
export function encodeEcmaArray(object: { readonly [name: string]: Amf0Value }): Buffer {
  const head = Buffer.alloc(5)
  head[0] = marker.ecmaArray
  head.writeUInt32BE(Object.keys(object).length, 1)
  return Buffer.concat([head, encodeMembers(object)])
}

/**
 * Decodes all values of a message.
 * @throws {RangeError} if it is cut short or holds an unknown type
 */
export function decodeAmf0(data: Buffer): Amf0Value[] {
  const values: Amf0Value[] = []
  for (let offset = 0; offset < data.length;) {
    const [value, end] = decodeValue(data, offset, 0)
    values.push(value)
    offset = end
  }
  return values
}

/** Member `name` of a decoded object; undefined if `value` is not one. */
export const amf0Member = (value: Amf0Value, name: string): Amf0Value =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { readonly [name: string]: Amf0Value })[name] : undefined

function encodeValue(value: Amf0Value): Buffer {
  if (value === null) return Buffer.of(marker.null)
  if (value === undefined) return Buffer.of(marker.undefined)
  if (typeof value === 'boolean') return Buffer.of(marker.boolean, value ? 1 : 0)
  if (typeof value === 'number') {
    const buffer = Buffer.alloc(9)
    buffer.writeDoubleBE(value, 1)
    return buffer
  }
  if (typeof value === 'string') return encodeString(value)
  if (Array.isArray(value)) {
    const head = Buffer.alloc(5)
    head[0] = marker.strictArray
    head.writeUInt32BE(value.length, 1)
    return Buffer.concat([head, ...value.map(encodeValue)])
  }
  return Buffer.concat([Buffer.of(marker.object), encodeMembers(value as { readonly [name: string]: Amf0Value })])
}

function encodeString(value: string): Buffer {
  const text = Buffer.from(value)
  if (text.length <= 0xffff) return Buffer.concat([Buffer.of(marker.string, text.length >> 8, text.length & 0xff), text])
  const head = Buffer.alloc(5)
  head[0] = marker.longString
  head.writeUInt32BE(text.length, 1)
  return Buffer.concat([head, text])
}

function encodeMembers(object: { readonly [name: string]: Amf0Value }): Buffer {
  const members = Object.entries(object).flatMap(([name, value]) => {
    const text = Buffer.from(name)
    return [Buffer.of(text.length >> 8, text.length & 0xff), text, encodeValue(value)]
  })
  return Buffer.concat([...members, Buffer.of(0, 0, marker.objectEnd)])
}

function decodeValue(data: Buffer, offset: number, depth: number): [value: Amf0Value, end: number] {
  if (depth > MAX_DEPTH) throw new RangeError(`AMF0 values may be nested ${MAX_DEPTH} deep.`)
  const type = data.readUInt8(offset)
  const start = offset + 1
  switch (type) {
    case marker.number:
      return [data.readDoubleBE(start), start + 8]
    case marker.boolean:
      return [data.readUInt8(start) !== 0, start + 1]
    case marker.string:
      return decodeText(data, start + 2, data.readUInt16BE(start))
    case marker.longString:
      return decodeText(data, start + 4, data.readUInt32BE(start))
    case marker.null:
      return [null, start]
    case marker.undefined:
      return [undefined, start]
    case marker.object:
      return decodeMembers(data, start, depth)
    case marker.ecmaArray:
      return decodeMembers(data, start + 4, depth)
    case marker.strictArray:
      return decodeList(data, start, depth)
    case marker.date:
      return [data.readDoubleBE(start), start + 10]
    default:
      throw new RangeError(`Unknown AMF0 type ${type}.`)
  }
}

function decodeText(data: Buffer, start: number, length: number): [value: string, end: number] {
  if (start + length > data.length) throw new RangeError(`AMF0 text of ${length} bytes is cut short.`)
  return [data.toString('utf8', start, start + length), start + length]
}

function decodeMembers(data: Buffer, start: number, depth: number): [value: Amf0Value, end: number] {
  const members: [string, Amf0Value][] = []
  for (let offset = start; ;) {
    const [name, valueStart] = decodeText(data, offset + 2, data.readUInt16BE(offset))
    if (name === '' && data.readUInt8(valueStart) === marker.objectEnd) return [Object.fromEntries(members), valueStart + 1]
    const [value, end] = decodeValue(data, valueStart, depth + 1)
    members.push([name, value])
    offset = end
  }
}

function decodeList(data: Buffer, start: number, depth: number): [value: Amf0Value, end: number] {
  const values: Amf0Value[] = []
  let offset = start + 4
  for (let left = data.readUInt32BE(start); left > 0; left--) {
    const [value, end] = decodeValue(data, offset, depth + 1)
    values.push(value)
    offset = end
  }
  return [values, offset]
}
