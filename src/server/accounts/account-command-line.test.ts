import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLogger } from '../../log.ts'
import { adminAddress } from '../admin/admin-address.ts'
import { AdminError } from '../admin/admin-command.ts'
import { startAdminServer, type AdminServer } from '../admin/admin-server.ts'
import { addAccountCommands } from './account-command-line.ts'

let dataDir: string
let server: AdminServer
const asked: [string, unknown][] = []
const shown = { out: '', err: '' }

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'tributary-cli-'))
  asked.length = 0
  Object.assign(shown, { out: '', err: '' })
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((shown.out += String(text))))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((shown.err += String(text))))
  const names = ['key create', 'key list', 'app create', 'app update', 'app list', 'app remove']
  const note = (name: string) => async (input: unknown) => {
    asked.push([name, input])
    return { done: name }
  }
  const refuse = async () => {
    throw new AdminError('There is no such key.')
  }
  const commands = { ...Object.fromEntries(names.map((name) => [name, note(name)])), 'key revoke': refuse }
  server = await startAdminServer({ address: adminAddress(dataDir), commands, log: createLogger('test', 'silent') })
})

afterEach(async () => {
  vi.restoreAllMocks()
  await server.close()
  rmSync(dataDir, { recursive: true })
})

async function run(...line: string[]): Promise<void> {
  const program = new Command('tributary').exitOverride()
  addAccountCommands(program)
  for (const command of program.commands.flatMap((one) => [one, ...one.commands])) command.exitOverride()
  await program.parseAsync([...line, '--data-dir', dataDir], { from: 'user' })
}

test.each([
  ['key create', {}],
  ['key create --account acme --app 7 8 --token --json', { account: 'acme', applications: [7, 8], token: true }],
  ['key create --app 7,8 --token a-token-of-ones-own', { applications: [7, 8], token: 'a-token-of-ones-own' }],
  ['key create --expires 2027-01-31', { expiresAt: Date.UTC(2027, 0, 31) }],
  ['key list', {}],
  ['app create', { callbacks: { rooms: {}, relay: {} } }],
  [
    'app create --id 7 --user-sig-key brought-along-key --max-tasks 3 --require-privileges',
    { id: 7, userSigKey: 'brought-along-key', maxTasks: 3, requirePrivileges: true, callbacks: { rooms: {}, relay: {} } },
  ],
  [
    'app create --callback-url http://a/ --callback-key KEY --relay-callback-url http://b/',
    { callbacks: { rooms: { url: 'http://a/', key: 'KEY' }, relay: { url: 'http://b/', key: 'KEY' } } },
  ],
  [
    'app update 7 --new-user-sig-key --max-tasks default --no-require-privileges',
    { id: 7, userSigKey: true, maxTasks: null, requirePrivileges: false, callbacks: { rooms: {}, relay: {} } },
  ],
  ['app update 7 --rooms-callback-url= --relay-callback-key=', { id: 7, callbacks: { rooms: { url: null }, relay: { key: null } } }],
  ['app list', {}],
  ['app remove 7', { id: 7 }],
])('%s', async (line, input) => {
  await run(...line.split(' '))
  const name = line.split(' ').slice(0, 2).join(' ')
  expect(asked).toEqual([[name, input]])
  expect(shown).toEqual({ out: line.includes('--json') ? `{\n  "done": "${name}"\n}\n` : `done: ${name}\n`, err: '' })
})

test('a refusal is handed on, and nothing shown', async () => {
  await expect(run('key', 'revoke', 'AKIDx')).rejects.toThrow(new AdminError('There is no such key.'))
  expect(shown.out).toBe('')
})

test.each([
  ['key create --expires tomorrow', 'It must be a time from now'],
  ['key create --app seven', 'It must be a whole number.'],
  ['app update seven', 'It must be a whole number.'],
  ['app create --max-tasks -3', 'It must be a whole number.'],
])('%s is refused before anybody is asked', async (line, message) => {
  await expect(run(...line.split(' '))).rejects.toThrow(message)
  expect(asked).toEqual([])
})
