#!/usr/bin/env node
// The command line: which process of Tributary this one is.
import { Command } from 'commander'
import { ConfigError, configSchema } from './config.ts'

const program = new Command('tributary').description('Mixes WebRTC rooms and relays the result').version('0.1.0')

/** A command that takes every setting as a flag. */
function withSettings(command: Command): Command {
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

program.command('demo-participants', { hidden: true }).action(async () => (await import('./demo/participants-main.ts')).runParticipants())
program.command('rooms', { hidden: true }).action(async () => (await import('./rooms/main.ts')).runRooms())
program.command('engine', { hidden: true }).action(async () => (await import('./engine/main.ts')).runEngine())

try {
  await program.parseAsync()
} catch (error) {
  const advice = adviceOn(error as NodeJS.ErrnoException & { port?: number; address?: string })
  if (advice === null) throw error
  console.error(advice)
  process.exit(1)
}

/** What the person at the terminal can do about it; `null`: it is a fault of ours. */
function adviceOn(error: NodeJS.ErrnoException & { port?: number; address?: string }): string | null {
  if (error instanceof ConfigError) return error.message
  if (error.code === 'EADDRINUSE') return `Port ${error.port} of ${error.address} is taken; httpPort and rtmpPort choose others.`
  if (error.code === 'EACCES') return `${error.message}: this user may not use it.`
  return null
}
