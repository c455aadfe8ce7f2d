// AgentParams: the robot that enters the main room.
import type { z } from 'zod'
import { integer, object, text, userId } from './values.ts'

/** Spec section 6. `UserSig` is optional in the vendor's type and required on the vendor's page. */
export const agentParams = object({
  UserId: userId(),
  UserSig: text(),
  MaxIdleTime: integer(5, 86400).optional(),
})

export type AgentParams = z.output<typeof agentParams>
