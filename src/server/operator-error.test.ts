import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { ConfigError } from '../config.ts'
import { StoreError } from '../store/store-error.ts'
import { AdminError } from './admin/admin-command.ts'
import { isOperatorError } from './operator-error.ts'

test('what an operator can set right is told from faults of ours', () => {
  for (const error of [new ConfigError('x'), new StoreError('x'), new AdminError('x')]) expect(isOperatorError(error)).toBe(true)
  for (const error of [new Error('x'), new TypeError('x'), 'x', null, undefined]) expect(isOperatorError(error)).toBe(false)
})

test('a port that another program has is the operator’s to free', async () => {
  const first = createServer()
  await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve))
  const second = createServer()
  const error = await new Promise((resolve) => second.once('error', resolve).listen((first.address() as AddressInfo).port, '127.0.0.1'))
  expect(isOperatorError(error)).toBe(true)
  await new Promise((resolve) => first.close(resolve))
})
