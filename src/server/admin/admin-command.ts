// What the operator may ask of a server on its own machine, by name.
import type { z } from 'zod'

/** Takes input that nobody has checked; answers what JSON can hold. Rejects with `AdminError` to refuse. */
export type AdminCommand = (input: unknown) => Promise<unknown>

/** By name, as in `key create`. */
export type AdminCommands = Readonly<Record<string, AdminCommand>>

/** A refusal for the operator: says what is wrong and what to do. */
export class AdminError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'AdminError'
  }
}

/** A command that gets its input as its schema has it, or refuses. */
export const adminCommand =
  <Schema extends z.ZodType>(schema: Schema, run: (input: z.output<Schema>) => Promise<unknown>): AdminCommand =>
  async (raw) => {
    const result = schema.safeParse(raw)
    if (result.success) return run(result.data)
    const issue = result.error.issues[0]
    // The value is not repeated: it may be a secret.
    throw new AdminError(`${issue?.path.join('.') || 'The input'}: ${issue?.message ?? 'invalid'}.`)
  }
