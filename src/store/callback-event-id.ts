// Ids of events: texts that sort by the order in which one process made them, and by time across processes.
import { randomBytes } from 'node:crypto'

/** @param at Unix ms; an id sorts after all that this maker made before, even when the clock goes back */
export function createCallbackEventIds(random: () => string = () => randomBytes(4).toString('hex')): (at: number) => string {
  let last = 0
  let count = 0
  return (at) => {
    count = at > last ? 0 : count + 1
    last = Math.max(at, last)
    return `${last.toString(36).padStart(9, '0')}${count.toString(36).padStart(4, '0')}${random()}`
  }
}
