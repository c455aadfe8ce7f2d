// One call of the API from the command line: parameters judged here already, then sent, then told readably.
import { join, resolve } from 'node:path'
import { createRelayClient, RelayCallError } from '../../client/relay-client.ts'
import { ConfigError, loadConfig, type Config } from '../../config.ts'
import { actions, isActionName, type ActionName, type ActionRequest } from '../../trtc/actions/actions.ts'
import { TrtcError } from '../../trtc/errors.ts'
import { parseRequest } from '../../trtc/parse-request.ts'
import { keptSecrets } from '../secrets.ts'
import { commandParameters } from './command-parameters.ts'
import { remedyFor } from './remedies.ts'

export interface ApiCommand {
  readonly action: string
  /** As they stood on the command line: `--Name`, `value`, or `--Name=value`. */
  readonly parameters: readonly string[]
  /** A file, or `-`. */
  readonly json?: string
  readonly endpoint?: string
  readonly secretId?: string
  readonly secretKey?: string
  readonly token?: string
  readonly config?: string
  readonly dataDir?: string
}

/** What to print: on standard output, and on standard error. */
export interface ApiOutcome {
  readonly output: string | null
  readonly problem: string | null
}

/**
 * Calls an action. A refusal, here or by the server, is an outcome.
 * @throws {ConfigError} when there is no key to sign with, no server, or no reading of settings or file
 */
export async function runApi(command: ApiCommand, environment: NodeJS.ProcessEnv = process.env): Promise<ApiOutcome> {
  const { action } = command
  try {
    if (!isActionName(action)) throw new TrtcError('InvalidAction', `There is no action ${action.slice(0, 64)}.`)
    const parameters = commandParameters(command.parameters, command.json)
    // The very check of the server, before anything is signed or sent.
    parseRequest(actions[action].schema, parameters)
    const answer = await call(action, parameters as ActionRequest<typeof action>, command, environment)
    return { output: `${JSON.stringify(answer, null, 2)}\n`, problem: null }
  } catch (error) {
    if (error instanceof TrtcError) return refused(`${error.code}: ${error.message}`, error.code, action, null)
    if (error instanceof RelayCallError) return refused(error.message, error.code, action, error.requestId)
    throw error
  }
}

function refused(message: string, code: string, action: string, requestId: string | null): ApiOutcome {
  const lines = [message, `What to do: ${remedyFor(code, action)}`, ...(requestId === null ? [] : [`RequestId: ${requestId}`])]
  return { output: null, problem: `${lines.join('\n')}\n` }
}

async function call<Name extends ActionName>(
  action: Name,
  parameters: ActionRequest<Name>,
  command: ApiCommand,
  environment: NodeJS.ProcessEnv,
): Promise<object> {
  const { secretId, secretKey, dataDir, token } = command
  const config = loadConfig(environment, { secretId, secretKey, dataDir }, command.config)
  const endpoint = command.endpoint ?? `http://${reachable(config)}:${config.httpPort}`
  if (!URL.canParse(endpoint)) throw new ConfigError(`The endpoint is ${JSON.stringify(endpoint)}; it must be as in http://127.0.0.1:8080.`)
  const client = createRelayClient({ endpoint, ...keyOf(config, command.secretId), ...(token === undefined ? {} : { token }) })
  try {
    return await client.call(action, parameters)
  } catch (error) {
    // What fetch throws when nobody answers.
    if (!(error instanceof TypeError)) throw error
    throw new ConfigError(`No server answers at ${new URL(endpoint).origin}: start one, or name another with --endpoint.`)
  }
}

/** @param asked an id of the command line, which the secret of the data directory is not for */
function keyOf(config: Config, asked: string | undefined): { secretId: string; secretKey: string } {
  const kept = asked === undefined ? keptSecrets(resolve(config.dataDir)) : {}
  const { secretId = kept.secretId, secretKey = kept.secretKey } = config
  if (secretId !== undefined && secretKey !== undefined) return { secretId, secretKey }
  if (asked !== undefined) throw new ConfigError('--secret-id stands without a secret: give --secret-key, or set TRIBUTARY_SECRET_KEY.')
  const file = join(resolve(config.dataDir), 'secrets.json')
  throw new ConfigError(`There is no key to sign with, and ${file} has none: give --secret-id and --secret-key, or --data-dir.`)
}

const reachable = ({ bindAddress }: Config): string => (['0.0.0.0', '::'].includes(bindAddress) ? '127.0.0.1' : bindAddress)
