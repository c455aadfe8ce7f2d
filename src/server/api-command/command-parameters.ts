// Parameters of an action as a command line has them: dotted names with values, or a file of JSON.
import { readFileSync } from 'node:fs'
import { ConfigError } from '../../config.ts'
import { unflatten } from '../../trtc/unflatten.ts'

const STANDARD_INPUT = 0

/**
 * The tree that a request body would hold; values of the command line stay texts, which the API takes for integers too.
 * @param words `--Name` and `value`, or `--Name=value`
 * @param json a file, or `-`
 * @throws {ConfigError} for words that are no parameter and files that are no JSON
 * @throws {TrtcError} for names that contradict each other
 */
export function commandParameters(words: readonly string[], json?: string): unknown {
  if (json === undefined) return unflatten(pairs(words))
  if (words.length > 0)
    throw new ConfigError(`${shown(words[0])} stands beside --json: parameters come from the command line or from JSON.`)
  const source = json === '-' ? 'standard input' : json
  try {
    return JSON.parse(readFileSync(json === '-' ? STANDARD_INPUT : json, 'utf8'))
  } catch (error) {
    throw new ConfigError(
      `The parameters in ${source} cannot be read: ${error instanceof SyntaxError ? 'it must be JSON' : (error as Error).message}.`,
    )
  }
}

function* pairs(words: readonly string[]): Generator<[string, string]> {
  for (let index = 0; index < words.length; index++) {
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(words[index] ?? '') ?? []
    if (name === undefined) throw new ConfigError(`${shown(words[index])} is no parameter: name it, as in --SdkAppId 1400188366.`)
    if (value !== undefined) yield [name, value]
    else {
      const next = words[++index]
      if (next === undefined || next.startsWith('--'))
        throw new ConfigError(`Parameter --${name} has no value; if it begins with --, write --${name}=….`)
      yield [name, next]
    }
  }
}

/** What stands in a wrong place may be a secret. */
const shown = (word = ''): string => (word.startsWith('--') ? JSON.stringify(word.split('=')[0]) : 'A word without --Name before it')
