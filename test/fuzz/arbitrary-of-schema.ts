// Values that satisfy a JSON schema, as far as our schemas go: what a schema cannot say, names of members tell.
import fc from 'fast-check'

/** The part of JSON Schema that zod writes for our actions. */
export interface JsonSchema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
  readonly maxLength?: number
}

export type ArbitrariesByName = Readonly<Record<string, fc.Arbitrary<unknown>>>

/**
 * @param named what members of these names get, whatever the schema says
 * @throws {Error} for a kind of schema that is not generated, so that no action goes untested unnoticed
 */
export function arbitraryOf(schema: JsonSchema, named: ArbitrariesByName): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((option) => arbitraryOf(option, named)))
  switch (schema.type) {
    case 'object':
      return objectOf(schema, named)
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}, named), { maxLength: Math.min(schema.maxItems ?? 4, 4) })
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? -1_000_000, max: schema.maximum ?? 1_000_000 })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'string':
      if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern))
      return fc.string({ maxLength: Math.min(schema.maxLength ?? 40, 40), unit: 'binary' })
    case undefined:
      return fc.jsonValue()
    default:
      throw new Error(`No values are made for ${JSON.stringify(schema)}.`)
  }
}

function objectOf({ properties = {}, required = [] }: JsonSchema, named: ArbitrariesByName): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).map(([name, member]) => [name, named[name] ?? arbitraryOf(member, named)] as const)
  return fc.record(Object.fromEntries(members), { requiredKeys: [...required] })
}
