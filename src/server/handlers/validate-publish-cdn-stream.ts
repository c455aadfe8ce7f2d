// ValidatePublishCdnStream: what a Start or an Update would answer, without doing it.
import { costOf } from '../../mix/cost.ts'
import { toTrtcError } from '../gateway/to-trtc-error.ts'
import type { HandlerPorts, Handlers } from './handler.ts'
import { intendedMix, requireOneRequest } from './intended-mix.ts'

export const validatePublishCdnStream =
  (ports: HandlerPorts): Handlers['ValidatePublishCdnStream'] =>
  async (request, { key }) => {
    requireOneRequest(request)
    try {
      const { spec, warnings } = await intendedMix(request, ports, key, 'all')
      return { IsAccepted: true, Refusals: [], Warnings: [...warnings], EstimatedCost: costOf(spec) }
    } catch (error) {
      const refusal = toTrtcError(error)
      if (refusal === null) throw error
      return { IsAccepted: false, Refusals: [{ Code: refusal.code, Message: refusal.message }], Warnings: [], EstimatedCost: null }
    }
  }
