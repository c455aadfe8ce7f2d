// `tributary serve`: settings, the server, its farewell.
import { loadConfig } from '../config.ts'
import { createLogger } from '../log.ts'
import { startServer, type RunningServer } from './server.ts'

/** Runs a server until SIGINT or SIGTERM. */
export async function serve(flags: Record<string, unknown>, configFile?: string): Promise<void> {
  const config = loadConfig(process.env, flags, configFile)
  const log = createLogger('server', config.logLevel)
  const server = await startServer(config, log)
  log.info({ http: server.httpUrl, rtcPort: config.rtcPort, rtmpPort: server.origin?.rtmpPort }, 'tributary serves')
  printMadeSecrets(server)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'tributary ends')
      void server.close().finally(() => process.exit(0))
    })
  }
}

/** The one time that secrets are shown: to the person who starts the server, not to the log. */
function printMadeSecrets({ madeSecrets, credentials, consoleUrl, config }: RunningServer): void {
  const shown = { ...credentials, consoleToken: consoleUrl }
  const lines = Object.entries(shown).filter(([name]) => madeSecrets.includes(name))
  if (lines.length === 0) return
  process.stderr.write(
    [
      `First start: these were made and are kept in ${config.dataDir}/secrets.json.`,
      ...lines.map(([name, value]) => `  ${name.padEnd(14)}${value}`),
      `  ${'sdkAppId'.padEnd(14)}${credentials.sdkAppId}`,
      '',
    ].join('\n'),
  )
}
