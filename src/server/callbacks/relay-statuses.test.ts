import { expect, test } from 'vitest'
import type { OutputState } from '../../engine/ipc.ts'
import type { RelayStatus } from '../../trtc/callbacks/relay-event.ts'
import { relayStatusesOn } from './relay-statuses.ts'

const states: readonly OutputState[] = ['idle', 'connecting', 'running', 'recovering', 'failed', 'disconnecting']

/** In the order of `states`; numbers are the wire's. */
const expected: Record<RelayStatus, readonly string[]> = {
  idle: ['', '1', '12', '1', '14', ''],
  connecting: ['50', '', '2', '', '4', '5'],
  running: ['50', '3', '', '3', '34', '5'],
  recovering: ['50', '', '2', '', '4', '5'],
  failed: ['0', '', '2', '', '', ''],
  disconnecting: ['0', '01', '012', '', '', ''],
}
const numbers: Record<RelayStatus, number> = { idle: 0, connecting: 1, running: 2, recovering: 3, failed: 4, disconnecting: 5 }

test.each(Object.entries(expected))('after %s', (told, row) => {
  const given = states.map((state) =>
    relayStatusesOn(told as RelayStatus, state)
      .map((status) => numbers[status])
      .join(''),
  )
  expect(given).toEqual(row)
})
