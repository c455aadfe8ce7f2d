// A tree of parameters as dotted names, the way SDKs send it in queries and forms.

/** Objects by member and arrays by index; `null`, `undefined` and empty arrays vanish, as the SDKs let them. */
export function flatten(value: unknown, prefix = ''): [name: string, value: string][] {
  if (value === null || value === undefined) return []
  if (typeof value === 'string') return [[prefix, value]]
  if (typeof value !== 'object') return [[prefix, JSON.stringify(value)]]
  return Object.entries(value).flatMap(([key, member]) => flatten(member, prefix === '' ? key : `${prefix}.${key}`))
}
