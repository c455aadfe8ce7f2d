// The parameters that every request carries in its headers.
import { apiVersion, isActionName, type ActionName } from '../../trtc/actions/actions.ts'
import { TrtcError } from '../../trtc/errors.ts'
import { invalidParameter, missingParameter } from '../../trtc/parameter-error.ts'
import type { WireRequest } from './read-request.ts'

export interface CommonParameters {
  readonly action: ActionName
  readonly timestampSec: number
  /** Not yet verified. */
  readonly authorization: string
  readonly token: string | null
  readonly region: string | null
}

/** The Node SDK for international users sends a missing region as text. */
const absentTexts = ['null', 'undefined']

/** @throws {TrtcError} `MissingParameter`, `InvalidParameter`, `InvalidAction` or `NoSuchVersion` */
export function readCommonParameters({ header }: WireRequest): CommonParameters {
  const required = (name: string): string => {
    const value = header(name)
    if (value === undefined) throw missingParameter(name, 'every request needs this header')
    return value
  }
  const optional = (name: string): string | null => {
    const value = header(name)
    return value === undefined || absentTexts.includes(value) ? null : value
  }
  const authorization = required('Authorization')
  const action = required('X-TC-Action')
  const version = required('X-TC-Version')
  const timestamp = required('X-TC-Timestamp')
  if (!/^\d{1,12}$/.test(timestamp)) throw invalidParameter('X-TC-Timestamp', timestamp, 'must be Unix seconds')
  if (!isActionName(action)) throw new TrtcError('InvalidAction', `${JSON.stringify(action.slice(0, 64))} is not an action.`)
  if (version !== apiVersion) {
    throw new TrtcError('NoSuchVersion', `X-TC-Version is ${JSON.stringify(version.slice(0, 64))}; it must be ${apiVersion}.`)
  }
  return { action, timestampSec: Number(timestamp), authorization, token: optional('X-TC-Token'), region: optional('X-TC-Region') }
}
