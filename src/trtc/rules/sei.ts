// Rules between the values of McuSeiParams (spec section 7, rules 28 and 29).
import { invalidParameter } from '../parameter-error.ts'
import type { SeiParams } from '../types/sei-params.ts'

/**
 * @param hasVideo whether the task's output has a picture
 * @throws {TrtcError} `InvalidParameter`
 */
export function checkSei(sei: SeiParams, hasVideo: boolean): void {
  if (!hasVideo) throw invalidParameter('SeiParams', sei, 'must stay away from a task without video')
  const { PassThrough: pass } = sei
  if (pass?.PayloadType === 5 && !/^[0-9a-fA-F]{32}$/.test(pass.PayloadUuid ?? '')) {
    throw invalidParameter('SeiParams.PassThrough.PayloadUuid', pass.PayloadUuid, 'must be 32 hexadecimal digits when PayloadType is 5')
  }
}
