// Variants of a request for tables of tests.

/**
 * A deep copy of `value` with `replacement` at a dotted path; steps that are missing are made, `undefined` removes.
 * Array elements are named by index.
 */
export function changeAt<Value>(value: Value, path: string, replacement: unknown): Value {
  const copy = structuredClone(value)
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  const parent = keys.reduce<Record<string, unknown>>(
    (node, key) => {
      const next = (node[key] ??= {})
      return next as Record<string, unknown>
    },
    copy as Record<string, unknown>,
  )
  if (replacement === undefined) delete parent[last]
  else parent[last] = replacement
  return copy
}
