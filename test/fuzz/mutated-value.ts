// A tree of parameters with something wrong in it.
import fc from 'fast-check'

/** One change of a tree at one of its nodes. */
export interface Mutation {
  readonly kind: 'set' | 'remove' | 'add' | 'nest' | 'repeat'
  /** Picks the node, counted round. */
  readonly at: number
  readonly value: unknown
}

const deep = (levels: number): unknown => Array.from({ length: levels }).reduce((inner) => ({ a: inner }), 1)

const odd = fc.constantFrom<unknown>(
  null,
  true,
  -1,
  0.5,
  1e308,
  2 ** 53,
  '',
  '0',
  '-0',
  '1e3',
  'null',
  '__proto__',
  '\u0000',
  '\ud800',
  '房间 🙂',
  '\'"`;--',
  '../../etc/passwd',
  'x'.repeat(5000),
  [],
  {},
  [[]],
  { length: 1e9 },
  deep(200),
)

/** A few mutations, most often none. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('set', 'remove', 'add', 'nest', 'repeat'),
    at: fc.nat(),
    value: fc.oneof(odd, fc.jsonValue({ maxDepth: 2 })),
  }),
  { maxLength: 3 },
)

type Branch = Record<string, unknown>

function placesIn(node: unknown): (readonly [parent: Branch, key: string])[] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, child]) => [[node as Branch, key] as const, ...placesIn(child)])
}

/** Own members only: an assignment to `__proto__` would change what the tree inherits. */
const put = (parent: Branch, key: string, value: unknown): void =>
  void Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true })

/** A changed copy. */
export function mutated(body: unknown, changes: readonly Mutation[]): unknown {
  const copy = structuredClone(body)
  for (const { kind, at, value: given } of changes) {
    const value = structuredClone(given)
    const places = placesIn(copy)
    const place = places[at % Math.max(places.length, 1)]
    if (place === undefined) continue
    const [parent, key] = place
    if (kind === 'set') put(parent, key, value)
    else if (kind === 'remove') delete parent[key]
    else if (kind === 'add') put(parent, typeof value === 'string' ? value.slice(0, 40) : 'Added', value)
    else if (kind === 'nest') put(parent, key, { [key]: parent[key] })
    else put(parent, key, Array<unknown>(20).fill(parent[key]))
  }
  return copy
}
