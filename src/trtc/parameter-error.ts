// The errors about one parameter: dotted path, value unless secret, rule.
import { TrtcError, type TrtcErrorCode } from './errors.ts'

/** Parameters whose values are secrets or may carry one, as stream keys and signed links do. */
const secretPath = /(Url|UserSig|SecretKey|AccessKey|Token)(\.\d+)*$/

const shownLength = 64

/** A value as error texts may show it; `null` when it must not be shown. */
function shownValue(path: string, value: unknown): string | null {
  if (value === undefined) return 'absent'
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  if (secretPath.test(path)) return null
  if (typeof value !== 'string') return JSON.stringify(value)
  return JSON.stringify(value.length > shownLength ? `${value.slice(0, shownLength)}…` : value)
}

/**
 * A value that breaks a rule.
 * @param rule reads on after "it", as in `must be from 1 to 60`
 * @param code where the action declares one for this parameter
 */
export function invalidParameter(path: string, value: unknown, rule: string, code: TrtcErrorCode = 'InvalidParameter'): TrtcError {
  const shown = shownValue(path, value)
  return new TrtcError(code, shown === null ? `${path} ${rule}; its value is not shown.` : `${path} is ${shown}; it ${rule}.`)
}

/** A required parameter that is absent. `because` says what requires it, where that is not plain. */
export const missingParameter = (path: string, because?: string): TrtcError =>
  new TrtcError('MissingParameter', `${path} is missing${because === undefined ? '' : `: ${because}`}.`)

/** A parameter the action does not define. */
export const unknownParameter = (path: string): TrtcError =>
  new TrtcError('UnknownParameter', `${path.length > 200 ? `${path.slice(0, 200)}…` : path} is not a parameter of this action.`)

/** A valid parameter asking for what this release, or this task, cannot do. */
export const unsupportedParameter = (path: string, why: string): TrtcError => new TrtcError('UnsupportedOperation', `${path}: ${why}.`)
