// From an untyped body to an action's typed request, or to the one error the caller should see first.
import type { z } from 'zod'
import { TrtcError } from './errors.ts'
import { fieldCodeAt } from './field-codes.ts'
import { invalidParameter, missingParameter, unknownParameter } from './parameter-error.ts'

type Issue = z.core.$ZodIssue

/** Unknown and mistyped parameters come first, then missing ones, then values out of range. */
function rank(issue: Issue, value: unknown): number {
  if (issue.code === 'unrecognized_keys') return 0
  if (value === undefined) return 1
  return issue.code === 'invalid_type' ? 0 : 2
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], body)
}

function toError(issue: Issue, value: unknown, schema: z.ZodType): TrtcError {
  const path = issue.path.join('.') || 'The request body'
  if (issue.code === 'unrecognized_keys') return unknownParameter([...issue.path, issue.keys[0]].join('.'))
  if (value === undefined) return missingParameter(path)
  const code = fieldCodeAt(schema, issue.path, value)
  // A text in an object's place may be a secret that slipped a level.
  const container = issue.code === 'invalid_type' && (issue.expected === 'object' || issue.expected === 'array')
  if (!container || typeof value !== 'string') return invalidParameter(path, value, issue.message, code)
  return new TrtcError(code, `${path} is a text; it ${issue.message}.`)
}

/**
 * Checks a body against an action's schema.
 * @throws {TrtcError} `UnknownParameter`, `MissingParameter` or `InvalidParameter` (or the parameter's own code), of the first failure in the order of spec section 1.9
 */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const failures = result.error.issues.map((issue) => ({ issue, value: valueAt(body, issue.path) }))
  const first = failures.toSorted((a, b) => rank(a.issue, a.value) - rank(b.issue, b.value))[0]
  if (first === undefined) throw new Error('A schema failed without an issue.')
  throw toError(first.issue, first.value, schema)
}
