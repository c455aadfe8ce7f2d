import { expect, test } from 'vitest'
import { RepairWait } from './repair-wait.ts'

test('waits longer at once when repairs are slow, a little less each time they are quick, within its bounds', () => {
  const wait = new RepairWait()
  expect(wait.ms).toBe(300)
  wait.observe(200)
  expect(wait.ms).toBe(350)
  wait.observe(10)
  expect(wait.ms).toBeGreaterThan(330)
  for (let repair = 0; repair < 100; repair++) wait.observe(10)
  expect(wait.ms).toBe(250)
  wait.observe(5000)
  expect(wait.ms).toBe(400)
})
