#!/usr/bin/env node
// The command line: which process of Tributary this one is.
import { Command } from 'commander'
import { configSchema } from './config.ts'

const program = new Command('tributary').description('Mixes WebRTC rooms and relays the result').version('0.1.0')

const serve = program.command('serve').description('run the server').option('--config <file>', 'YAML file of settings')
for (const setting of Object.keys(configSchema.shape)) {
  serve.option(`--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} <value>`)
}
serve.action(async ({ config, ...flags }: { config?: string }) => (await import('./server/main.ts')).serve(flags, config))

program.command('rooms', { hidden: true }).action(async () => (await import('./rooms/main.ts')).runRooms())
program.command('engine', { hidden: true }).action(async () => (await import('./engine/main.ts')).runEngine())

await program.parseAsync()
