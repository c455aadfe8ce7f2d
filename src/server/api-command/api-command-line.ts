// `tributary api …`.
import type { Command } from 'commander'
import type { ApiCommand } from './run-api.ts'

/** Adds the command to the program. */
export function addApiCommand(program: Command): void {
  program
    .command('api <action> [parameters...]')
    .description('call an action of the API; its answer comes as JSON')
    .usage('<action> [--Parameter value | --Group.0.Parameter value]... [options]')
    .allowUnknownOption()
    .option('--json <file>', 'the parameters as a JSON file, or - for standard input')
    .option('--endpoint <url>', 'where the API listens (without: this machine, at the port of the settings)')
    .option('--secret-id <id>', 'whose key (without: that of settings or data directory)')
    .option('--secret-key <key>', 'its secret; better in the variable TRIBUTARY_SECRET_KEY, which other users of the machine do not see')
    .option('--token <token>', 'of a temporary key')
    .option('--config <file>', "the server's YAML file of settings")
    .option('--data-dir <directory>', "the server's data directory")
    .addHelpText('after', '\nActions and parameters: docs/reference. Lists are counted from 0, as in --PublishCdnParams.0.PublishCdnUrl.')
    .action(async (action: string, parameters: string[], flags: Omit<ApiCommand, 'action' | 'parameters'>) => {
      const { runApi } = await import('./run-api.ts')
      const { output, problem } = await runApi({ ...flags, action, parameters })
      if (output !== null) process.stdout.write(output)
      if (problem === null) return
      process.stderr.write(problem)
      process.exitCode = 1
    })
}
