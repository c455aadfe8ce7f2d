import { createServer } from 'node:http'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { createLogger } from '../../log.ts'
import { openStore } from '../../store/store.ts'
import { loadSecrets } from '../secrets.ts'
import { adminAddress } from './admin-address.ts'
import { AdminError, adminCommand } from './admin-command.ts'
import { startAdminServer, type AdminServer } from './admin-server.ts'
import { callAdmin, NoServer } from './call-admin.ts'
import { runAdmin } from './run-admin.ts'

let dataDir: string
let server: AdminServer | undefined

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'tributary-admin-'))
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await server?.close()
  server = undefined
  rmSync(dataDir, { recursive: true })
})

const commands = {
  'text repeat': adminCommand(z.strictObject({ text: z.string() }), async ({ text }) => ({ text: `${text}${text}` })),
  'be silent': adminCommand(z.strictObject({}), async () => undefined),
  'be broken': async () => {
    throw new Error('secret detail')
  },
}

const start = async () => {
  server = await startAdminServer({ address: adminAddress(dataDir), commands, log: createLogger('test', 'silent') })
  return adminAddress(dataDir)
}

test('a command is answered over a socket that only its owner may open', async () => {
  const before = process.umask(0)
  process.umask(before)
  const address = await start()
  expect((statSync(address).mode & 0o777).toString(8)).toBe('600')
  expect(process.umask()).toBe(before)
  expect(await callAdmin(address, 'text repeat', { text: 'да' })).toEqual({ text: 'дада' })
  expect(await callAdmin(address, 'be silent', {})).toBeNull()
})

test('what a dead server left behind is in nobody’s way', async () => {
  writeFileSync(adminAddress(dataDir), '')
  expect(await callAdmin(await start(), 'be silent', {})).toBeNull()
})

test('refusals arrive as they are, faults without their detail', async () => {
  const address = await start()
  await expect(callAdmin(address, 'text repeat', { text: 5 })).rejects.toThrow(/^text: /)
  await expect(callAdmin(address, 'text repeat', {})).rejects.toBeInstanceOf(AdminError)
  await expect(callAdmin(address, 'toString', {})).rejects.toThrow('This server does not know the command "toString".')
  await expect(callAdmin(address, 'be broken', {})).rejects.toThrow(/^The server failed at this; its log says how\.$/)
})

test('no server is told from one that answers badly', async () => {
  const address = adminAddress(dataDir)
  await expect(callAdmin(address, 'be silent', {})).rejects.toBeInstanceOf(NoServer)
  await start()
  await server?.close()
  await expect(callAdmin(address, 'be silent', {})).rejects.toBeInstanceOf(NoServer)
  const other = createServer((_, response) => response.end('{}'))
  await new Promise<void>((resolve) => other.listen(address, resolve))
  await expect(callAdmin(address, 'be silent', {})).rejects.toThrow('does not answer as a server does')
  await new Promise((resolve) => other.close(resolve))
})

test('without a server the command line works on the database itself, under its master key', async () => {
  await expect(runAdmin({ dataDir }, 'app list', {})).rejects.toThrow(`No server has run with the data directory ${dataDir} yet`)
  await (await openStore(join(dataDir, 'tributary.sqlite'), Date.now, loadSecrets(dataDir).secrets.masterKey)).close()
  await runAdmin({ dataDir }, 'app create', { id: 7 })
  expect(await runAdmin({ dataDir }, 'app list', {})).toMatchObject([{ origin: 'settings' }, { sdkAppId: 7 }])
  await expect(runAdmin({ dataDir }, 'app create', { id: 7 })).rejects.toBeInstanceOf(AdminError)
  vi.stubEnv('TRIBUTARY_MASTER_KEY', 'x'.repeat(32))
  await expect(runAdmin({ dataDir }, 'app list', {})).rejects.toThrow('The master key does not open the database')
})
