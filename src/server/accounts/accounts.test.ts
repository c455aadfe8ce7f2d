import { afterEach, expect, test } from 'vitest'
import { testSpec } from '../../../test/support/test-spec.ts'
import { openStore, type Store } from '../../store/store.ts'
import { createUserSig } from '../../trtc/user-sig.ts'
import { createAdminCommands } from '../admin/admin-commands.ts'
import { createAccounts } from './accounts.ts'

const NOW = Date.UTC(2026, 10, 22)
const builtIn = { secretId: 'AKIDbuilt-in', secretKey: 'built-in-key', sdkAppId: 1400188366, sdkSecretKey: 'built-in-user-sig-key' }

const open: Store[] = []
afterEach(async () => {
  for (const store of open.splice(0)) await store.close()
})

/** Accounts over an empty database, and the operator's commands on them. */
async function setUp() {
  const store = await openStore(':memory:')
  open.push(store)
  const accounts = createAccounts({ store, builtIn, maxTasks: 100, now: () => NOW })
  const commands = createAdminCommands({ store, accounts, builtIn, now: () => NOW })
  const run = async (name: string, input: unknown = {}): Promise<Record<string, unknown>> => {
    const command = commands[name]
    if (command === undefined) throw new Error(`There is no command ${name}.`)
    return (await command(input)) as Record<string, unknown>
  }
  const list = async (name: string) => (await run(name)) as unknown as Record<string, unknown>[]
  return { store, accounts, run, list }
}

const userSigOf = (sdkAppId: number, key: unknown, userId = 'ann') =>
  createUserSig({ sdkAppId, userId, key: String(key) }, NOW / 1000, 3600)

const userOf = (appId: number, userId = 'ann') => ({ room: { appId, kind: 'number', name: '1' }, userId }) as const

test('the key and the application of the settings are there from the start, with a right to everything', async () => {
  const { accounts } = await setUp()
  expect(await accounts.find('AKIDbuilt-in')).toEqual({
    secretKey: 'built-in-key',
    accountId: 'default',
    token: null,
    expiresAt: null,
    applications: 'all',
  })
  expect(await accounts.findApplication(1400188366)).toMatchObject({ userSigKey: 'built-in-user-sig-key', maxTasks: 100 })
  expect(await accounts.find('AKIDother')).toBeNull()
  expect(await accounts.findApplication(7)).toBeNull()
})

test('a key is found once it is made and until it is revoked', async () => {
  const { accounts, run } = await setUp()
  await run('app create', { id: 7 })
  const made = await run('key create', { account: 'acme', applications: [7] })
  expect(made['secretId']).toMatch(/^AKID[0-9a-f]{32}$/)
  expect(made['secretKey']).toMatch(/^[0-9a-f]{32}$/)
  expect(made).not.toHaveProperty('token')
  const id = String(made['secretId'])
  const key = { secretKey: made['secretKey'], accountId: 'acme', token: null, expiresAt: null, applications: [7] }
  expect(await accounts.find(id)).toEqual(key)
  expect(await run('key revoke', { secretId: id })).toEqual({ revoked: id })
  expect(await accounts.find(id)).toBeNull()
  await expect(run('key revoke', { secretId: id })).rejects.toThrow(`There is no key "${id}".`)
})

test('a temporary key has a token, of the operator or made, and an end', async () => {
  const { accounts, run } = await setUp()
  const made = await run('key create', { token: true, expiresAt: NOW + 1000 })
  expect(made).toMatchObject({ token: expect.stringMatching(/^[0-9a-f]{64}$/), expiresAt: '2026-11-22T00:00:01.000Z', account: 'default' })
  expect(await accounts.find(String(made['secretId']))).toMatchObject({ token: made['token'], expiresAt: NOW + 1000, applications: 'all' })
  expect(await run('key create', { token: 'a-token-of-its-own' })).toMatchObject({ token: 'a-token-of-its-own', expiresAt: null })
})

test('lists show no secret', async () => {
  const { run, list } = await setUp()
  const app = await run('app create', { callbacks: { relay: { url: 'https://a.example/x?token=hidden', key: 'CALLBACKKEY' } } })
  const key = await run('key create', { token: true })
  const text = JSON.stringify([await list('key list'), await list('app list')])
  for (const secret of [
    app['sdkSecretKey'],
    key['secretKey'],
    key['token'],
    'CALLBACKKEY',
    'hidden',
    'built-in-key',
    'built-in-user-sig-key',
  ])
    expect(text).not.toContain(secret)
  expect(await list('key list')).toMatchObject([{ secretId: 'AKIDbuilt-in', origin: 'settings' }, { isTemporary: true }])
  expect(await list('app list')).toMatchObject([
    { sdkAppId: 1400188366, origin: 'settings' },
    { sdkAppId: app['sdkAppId'], callbacks: { relay: { url: 'https://a.example/x?…', isSigned: true } } },
  ])
})

test('UserSigs are judged by the key of their own application, at once after it is changed', async () => {
  const { accounts, run } = await setUp()
  const { sdkSecretKey: key } = await run('app create', { id: 7 })
  expect(await accounts.verify(userOf(7), userSigOf(7, key))).toMatchObject({ ok: true })
  expect(await accounts.verify(userOf(1400188366), userSigOf(1400188366, builtIn.sdkSecretKey))).toMatchObject({ ok: true })
  expect(await accounts.verify(userOf(7), userSigOf(7, builtIn.sdkSecretKey))).toMatchObject({ ok: false })
  expect(await accounts.verify(userOf(1400188366), userSigOf(7, key))).toMatchObject({ ok: false })
  expect(await accounts.verify(userOf(8), userSigOf(8, key))).toEqual({
    ok: false,
    reason: 'is for application 8, which this server does not have',
  })
  const { sdkSecretKey: newKey } = await run('app update', { id: 7, userSigKey: true })
  expect(newKey).not.toBe(key)
  expect(await accounts.verify(userOf(7), userSigOf(7, key))).toMatchObject({ ok: false })
  expect(await accounts.verify(userOf(7), userSigOf(7, newKey))).toMatchObject({ ok: true })
  await run('app remove', { id: 7 })
  expect(await accounts.verify(userOf(7), userSigOf(7, newKey))).toMatchObject({ ok: false })
})

test('an update changes what it names and leaves the rest', async () => {
  const { accounts, run } = await setUp()
  const both = { url: 'http://a.example/', key: 'KEY1' }
  await run('app create', {
    id: 7,
    maxTasks: 3,
    requirePrivileges: true,
    userSigKey: 'brought-along-key',
    callbacks: { rooms: both, relay: both },
  })
  expect(await accounts.findApplication(7)).toMatchObject({ maxTasks: 3, requiresPrivileges: true, userSigKey: 'brought-along-key' })
  await run('app update', { id: 7, callbacks: { relay: { url: 'http://b.example/' } } })
  expect(await accounts.findApplication(7)).toMatchObject({ maxTasks: 3, requiresPrivileges: true, userSigKey: 'brought-along-key' })
  expect(await accounts.findCallback(7, 'rooms')).toEqual(both)
  expect(await accounts.findCallback(7, 'relay')).toEqual({ url: 'http://b.example/', key: 'KEY1' })
  await run('app update', { id: 7, maxTasks: null, requirePrivileges: false, callbacks: { rooms: { url: null }, relay: { key: null } } })
  expect(await accounts.findApplication(7)).toMatchObject({ maxTasks: 100, requiresPrivileges: false })
  expect(await accounts.findCallback(7, 'rooms')).toBeNull()
  expect(await accounts.findCallback(7, 'relay')).toEqual({ url: 'http://b.example/', key: null })
  expect(await accounts.findCallback(8, 'relay')).toBeNull()
})

test('the application of the settings takes limits and callbacks, but its key stays where it is', async () => {
  const { accounts, run, list } = await setUp()
  await run('app update', { id: 1400188366, maxTasks: 5 })
  await run('app update', { id: 1400188366, callbacks: { relay: { url: 'https://a.example/' } } })
  expect(await accounts.findApplication(1400188366)).toMatchObject({ userSigKey: 'built-in-user-sig-key', maxTasks: 5 })
  expect(await list('app list')).toMatchObject([{ sdkAppId: 1400188366, maxTasks: 5, origin: 'settings' }])
  await expect(run('app update', { id: 1400188366, userSigKey: true })).rejects.toThrow('is the setting sdkSecretKey')
})

test('an application that the settings no longer name is none, whatever was said about it', async () => {
  const { store, run } = await setUp()
  await run('app update', { id: 1400188366, maxTasks: 5 })
  const later = createAccounts({ store, builtIn: { ...builtIn, sdkAppId: 9 }, maxTasks: 100, now: () => NOW })
  expect(await later.findApplication(1400188366)).toBeNull()
})

test.each([
  ['app create', { id: 1400188366 }, '1400188366 is the application of the settings; "app update" changes it.'],
  ['app create', { id: 0 }, 'id: must be 1 to 4294967295.'],
  ['app create', { id: 4294967296 }, 'id: must be 1 to 4294967295.'],
  ['app create', { userSigKey: 'short' }, 'userSigKey: must be 16 to 256 visible characters of ASCII.'],
  ['app create', { maxTasks: -1 }, 'maxTasks: must be 0 or more.'],
  ['app create', { callbacks: { relay: { key: 'KEY' } } }, 'A callback key needs a callback address (events of relay).'],
  ['app create', { callbacks: { relay: { url: 'ftp://a.example' } } }, 'callbacks.relay.url: must be an http:// or https:// address.'],
  [
    'app create',
    { callbacks: { relay: { url: 'http://a', key: 'no-letters!' } } },
    'callbacks.relay.key: must be 1 to 32 letters and digits.',
  ],
  ['app update', { id: 8 }, 'There is no application 8; "app create" makes one.'],
  ['app remove', { id: 8 }, 'There is no application 8.'],
  ['app remove', { id: 1400188366 }, '1400188366 is the application of the settings, which cannot be without one.'],
  ['key create', { applications: [8] }, 'There is no application 8; "app create" makes one.'],
  ['key create', { applications: [] }, /^applications: /],
  ['key create', { account: 'a b' }, /^account: must be 1 to 64/],
  ['key create', { token: 'short' }, /^token: /],
  ['key create', { expiresAt: NOW }, 'The key must expire in the future (got 2026-11-22T00:00:00.000Z).'],
  ['key create', { secret: 1 }, /^The input: /],
  ['key revoke', { secretId: 'AKIDbuilt-in' }, /^AKIDbuilt-in is the key of the settings/],
])('%s %j is refused', async (name, input, message) => {
  const { run, list } = await setUp()
  await expect(run(name, input)).rejects.toMatchObject({
    name: 'AdminError',
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  })
  expect([(await list('key list')).length, (await list('app list')).length]).toEqual([1, 1])
})

test('an id is taken once; without one a free one is made', async () => {
  const { run } = await setUp()
  await run('app create', { id: 7 })
  await expect(run('app create', { id: 7 })).rejects.toThrow('There is an application 7 already')
  const made = Number((await run('app create'))['sdkAppId'])
  expect(made).toBeGreaterThanOrEqual(1_400_000_000)
  expect(made).toBeLessThan(1_500_000_000)
})

test('an application with tasks stays until they have ended', async () => {
  const { store, run } = await setUp()
  await run('app create', { id: 7 })
  await store.workers.present('w1', 4)
  await store.tasks.add({ id: 'task-1', spec: testSpec({ room: userOf(7).room }), cost: 1 }, 10, NOW)
  await expect(run('app remove', { id: 7 })).rejects.toThrow('Application 7 has 1 tasks that have not ended; stop them first.')
  await store.tasks.stop('task-1', NOW)
  await store.tasks.enforceDeadlines(NOW)
  expect(await run('app remove', { id: 7 })).toEqual({ removed: 7 })
})
