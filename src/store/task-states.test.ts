import { expect, test } from 'vitest'
import { taskTransitions, transitionOn, type TaskEvent } from './task-states.ts'
import type { TaskState } from './tables.ts'

const states: TaskState[] = ['starting', 'running', 'idle', 'stopping', 'ended']

/** Where every event leads from every state, in the order of `states`; `-`: nowhere. */
const expected: Record<TaskEvent, string> = {
  'engine-started': 'running - - - -',
  'taken-over': '- - running - -',
  'everybody-left': '- idle - - -',
  'somebody-back': '- - running - -',
  stop: 'stopping stopping stopping - -',
  'idle-expired': '- - stopping - -',
  'robot-removed': 'stopping stopping stopping - -',
  'engine-gone': '- - - ended -',
  failed: 'ended ended ended - -',
  'start-overdue': 'ended - - - -',
  'stop-overdue': '- - - ended -',
}

test.each(Object.entries(expected))('on %s', (event, row) => {
  const found = states.map((from) => taskTransitions.find((transition) => transition.from === from && transition.on === event)?.to ?? '-')
  expect(found.join(' ')).toBe(row)
})

test('one event leads to one state', () => {
  for (const { from, on, to } of taskTransitions) {
    expect(transitionOn(on).to).toBe(to)
    expect(transitionOn(on).from).toContain(from)
  }
})

test('from every state a task can end', () => {
  const reach = (from: TaskState, seen: TaskState[] = []): boolean =>
    from === 'ended' || taskTransitions.some((one) => one.from === from && !seen.includes(one.to) && reach(one.to, [...seen, from]))
  expect(states.filter((state) => !reach(state))).toEqual([])
})
