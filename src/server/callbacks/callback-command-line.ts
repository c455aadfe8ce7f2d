// `tributary callbacks …`.
import { InvalidArgumentError, type Command } from 'commander'
import { showAdmin, withAdminFlags } from '../admin/admin-command-line.ts'
import type { AdminTarget } from '../admin/run-admin.ts'
import { parseSince } from './parse-since.ts'

interface CallbackFlags extends AdminTarget {
  readonly event?: string
  readonly task?: string
  readonly app?: number
  readonly state?: string
  readonly since?: number
  readonly limit?: number
}

/** Adds the command to the program. */
export function addCallbackCommands(program: Command): void {
  const callbacks = program.command('callbacks').description('events for callbacks: what was sent, and sending it again')
  withFilter(callbacks.command('list').description('events of the last seven days, newest first, with what became of them'))
    .option('--limit <count>', 'at most so many (50)', number)
    .action((flags: CallbackFlags) => showAdmin(targetOf(flags), 'callbacks list', { ...filterOf(flags), limit: flags.limit }))
  withFilter(callbacks.command('replay').description('send events again, whatever became of them')).action((flags: CallbackFlags) =>
    showAdmin(targetOf(flags), 'callbacks replay', filterOf(flags)),
  )
}

const withFilter = (command: Command): Command =>
  withAdminFlags(command)
    .option('--event <id>', 'this one')
    .option('--task <id>', 'those of a task')
    .option('--app <id>', 'those of an SdkAppId', number)
    .option('--state <state>', 'pending, delivered or given-up')
    .option('--since <when>', 'those from then on, as in 45m, 12h, 3d (ago) or 2027-01-31T00:00:00Z', since)

const filterOf = ({ event: eventId, task: taskId, app: appId, state, since: from }: CallbackFlags) => ({
  eventId,
  taskId,
  appId,
  state,
  since: from,
})

const targetOf = ({ config, dataDir, json }: CallbackFlags & { readonly json?: boolean }) => ({
  ...(config === undefined ? {} : { config }),
  ...(dataDir === undefined ? {} : { dataDir }),
  ...(json === undefined ? {} : { json }),
})

function number(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

function since(text: string): number {
  const at = parseSince(text, Date.now())
  if (at === null) throw new InvalidArgumentError('It must be a time ago as in 45m, 12h or 3d, or a date as in 2027-01-31T00:00:00Z.')
  return at
}
