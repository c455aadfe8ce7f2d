// A schema as rows of a table: one for every parameter, by its dotted name.
import type { JsonSchema } from '../../src/trtc/openapi/json-schema.ts'

export interface ParameterRow {
  /** As a flattened request writes it; `N` is the index of a list, from 0. */
  readonly name: string
  readonly type: string
  readonly isRequired: boolean
  readonly rule: string
}

export function parameterRows(schema: JsonSchema, prefix = ''): ParameterRow[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const name = `${prefix}${key}`
    const own = { name, type: typeOf(value), isRequired: schema.required?.includes(key) ?? false, rule: ruleOf(value) }
    return [own, ...inside(value, name)]
  })
}

function inside(schema: JsonSchema, name: string): ParameterRow[] {
  const shown = withoutNull(schema)
  if (shown.items !== undefined) return parameterRows(shown.items, `${name}.N.`)
  return parameterRows(shown, `${name}.`)
}

/** The other half of what may be `null`. */
const withoutNull = (schema: JsonSchema): JsonSchema => schema.anyOf?.find(({ type }) => type !== 'null') ?? schema

function typeOf(schema: JsonSchema): string {
  const shown = withoutNull(schema)
  const suffix = shown === schema ? '' : ' or null'
  const reference = shown.$ref?.split('/').at(-1)
  if (reference !== undefined) return `[${reference}](${reference}.md)${suffix}`
  if (shown.items !== undefined) return `list of ${typeOf(shown.items)}${suffix}`
  // What is one of a set of numbers is told as one of numbers; all of ours are whole.
  if (Number.isInteger(shown.const ?? shown.enum?.[0])) return `integer${suffix}`
  return `${[shown.type ?? 'any'].flat().join(' or ')}${suffix}`
}

function ruleOf(schema: JsonSchema): string {
  const { enum: values, const: value, minimum, maximum, minLength, maxLength, minItems, maxItems, pattern } = withoutNull(schema)
  const item = withoutNull(schema).items
  // zod bounds every integer by what JavaScript can count.
  const isBounded = (bound: number | undefined): bound is number => bound !== undefined && Math.abs(bound) !== Number.MAX_SAFE_INTEGER
  return [
    ...(schema.description === undefined ? [] : [schema.description]),
    ...(values === undefined ? [] : [`one of ${values.map(String).join(', ')}`]),
    ...(value === undefined ? [] : [JSON.stringify(value)]),
    ...range('', isBounded(minimum) ? minimum : undefined, isBounded(maximum) ? maximum : undefined),
    ...range(' characters', minLength, maxLength),
    ...range(' items', minItems, maxItems),
    ...(pattern === undefined ? [] : [`\`${pattern}\``]),
    ...(item === undefined || item.properties !== undefined || ruleOf(item) === '' ? [] : [`each ${ruleOf(item)}`]),
  ].join('; ')
}

function range(unit: string, from: number | undefined, to: number | undefined): string[] {
  if (from !== undefined && to !== undefined) return [`${from} to ${to}${unit}`]
  if (from !== undefined) return [`at least ${from}${unit}`]
  return to === undefined ? [] : [`at most ${to}${unit}`]
}
