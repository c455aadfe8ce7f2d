// How commands of the operator are given on the command line, and how their answers are shown.
import type { Command } from 'commander'
import { stringify } from 'yaml'
import type { AdminTarget } from './run-admin.ts'

interface AdminFlags extends AdminTarget {
  readonly json?: boolean
}

/** Adds the flags that every such command takes. */
export const withAdminFlags = (command: Command): Command =>
  command
    .option('--config <file>', "the server's YAML file of settings")
    .option('--data-dir <directory>', "the server's data directory")
    .option('--json', 'answer in JSON')

/** Carries a command out and shows its answer; rejects with the refusal, which the program shows. */
export async function showAdmin({ json = false, ...target }: AdminFlags, command: string, input: unknown): Promise<void> {
  const { runAdmin } = await import('./run-admin.ts')
  const result = await runAdmin(target, command, input)
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : stringify(result))
}
