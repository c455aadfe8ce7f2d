#!/usr/bin/env node
// The command line: which process of Tributary this one is.
import { enableCompileCache, flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'

// Sources kept compiled: a child of the server then starts in half the time, with 30 MB less. Where nothing can be
// written everything is compiled each time.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/tributary', import.meta.url)))

/** Processes that others fork: they load neither the command line nor the settings. */
const children: Readonly<Record<string, () => Promise<void>>> = {
  'demo-participants': async () => (await import('./demo/participants-main.ts')).runParticipants(),
  rooms: async () => (await import('./rooms/main.ts')).runRooms(),
  engine: async () => (await import('./engine/main.ts')).runEngine(),
}

const [, , command = ''] = process.argv
const runChild = children[command]
if (runChild === undefined) await runCommandLine()
else {
  await runChild()
  // Most of these processes are ended by force and would leave nothing behind.
  flushCompileCache()
}

async function runCommandLine(): Promise<void> {
  const { Command } = await import('commander')
  const { configSchema } = await import('./config.ts')
  const program = new Command('tributary').description('Mixes WebRTC rooms and relays the result').version('0.1.0')

  /** A command that takes every setting as a flag. */
  const withSettings = (command: Command): Command => {
    command.option('--config <file>', 'YAML file of settings')
    for (const setting of Object.keys(configSchema.shape)) {
      command.option(`--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} <value>`)
    }
    return command
  }

  withSettings(program.command('serve').description('run the server')).action(async ({ config, ...flags }: { config?: string }) =>
    (await import('./server/main.ts')).serve(flags, config),
  )

  withSettings(program.command('demo').description('run the server with two synthetic participants and the vendor’s first example'))
    .option('--seconds <seconds>', 'end after this time with exit code 0 if what came out was right', Number)
    .option('--report <file>', 'write figures as JSON; needs --seconds')
    .action(async ({ config, seconds, report, ...flags }: { config?: string; seconds?: number; report?: string }) => {
      process.exitCode = await (
        await import('./demo/demo.ts')
      ).runDemo(flags, config, {
        ...(seconds === undefined ? {} : { seconds }),
        ...(report === undefined ? {} : { report }),
      })
    })

  const { addAccountCommands } = await import('./server/accounts/account-command-line.ts')
  addAccountCommands(program)
  const { addCallbackCommands } = await import('./server/callbacks/callback-command-line.ts')
  addCallbackCommands(program)
  const { addApiCommand } = await import('./server/api-command/api-command-line.ts')
  addApiCommand(program)

  try {
    await program.parseAsync()
  } catch (error) {
    const { isOperatorError } = await import('./server/operator-error.ts')
    if (!isOperatorError(error)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
