// How far the clocks of caller and server may be apart.
import { TrtcError } from '../errors.ts'

const maxSkewSec = 300

/**
 * @param name of the parameter that the convention carries the timestamp in
 * @param nowSec the server's clock, Unix seconds
 * @throws {TrtcError} `AuthFailure.SignatureExpire`
 */
export function checkTimestamp(name: string, timestampSec: number, nowSec: number): void {
  if (Math.abs(nowSec - timestampSec) <= maxSkewSec) return
  throw new TrtcError(
    'AuthFailure.SignatureExpire',
    `${name} is ${timestampSec} and the clock here says ${Math.floor(nowSec)}; they must not differ by more than ${maxSkewSec} seconds.`,
  )
}
