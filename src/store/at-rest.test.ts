// What a thief of the database files learns: nothing secret.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testSpec } from '../../test/support/test-spec.ts'
import { openStore, type Store } from './store.ts'

const MASTER_KEY = 'the master key of this test, and no other'
/** Of the first version of the schema, as SQLite shows it. */
const firstSchema = `
  create table kysely_migration (name varchar(255) not null primary key, timestamp varchar(255) not null);
  create table kysely_migration_lock (id varchar(255) not null primary key, is_locked integer default 0 not null);
  create table tasks (id text primary key, app_id bigint not null, state text not null, end_reason text, end_detail text, spec text not null, revision bigint not null, sequence_number bigint not null, cost double precision not null, owner text, epoch bigint not null, lease_until bigint not null, restarts integer not null, created_at bigint not null, started_at bigint, idle_since bigint, deadline_at bigint, ended_at bigint);
  create table outputs (task_id text not null references tasks (id) on delete cascade, url text not null, state text not null, error text, changed_at bigint not null, constraint outputs_key primary key (task_id, url));
  create table workers (id text primary key, capacity double precision not null, lease_until bigint not null);
  create index tasks_alive on tasks (app_id, owner) where state <> 'ended';
  create index tasks_ended_at on tasks (ended_at);
  insert into kysely_migration values ('0001-tasks', '2026-11-22T12:00:00.000Z');
  insert into kysely_migration_lock values ('migration_lock', 0);`

let folder: string
let path: string
const open: Store[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tributary-at-rest-'))
  path = join(folder, 'tributary.sqlite')
})

afterEach(async () => {
  for (const store of open.splice(0)) await store.close()
  rmSync(folder, { recursive: true })
})

async function openSealed(masterKey = MASTER_KEY): Promise<Store> {
  const store = await openStore(path, Date.now, masterKey)
  open.push(store)
  return store
}

/** Which of `texts` stand anywhere in the database file, its write-ahead log or its journal. */
function foundInFiles(texts: readonly string[]): string[] {
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)))
  expect(files.some((bytes) => bytes.includes('SQLite format 3'))).toBe(true)
  return texts.filter((text) => files.some((bytes) => bytes.includes(text)))
}

const spec = testSpec({ robot: { userId: 'mix_robot', userSig: 'USERSIG-OF-THE-ROBOT' } })
const url = spec.outputs[0]?.url ?? ''

test('a copy of the database holds no key, no UserSig, no stream key, no callback address, living or deleted', async () => {
  const store = await openSealed()
  await store.workers.present('w1', 4)
  await store.tasks.add({ id: 'task-1', spec, cost: 1 }, 10, 1)
  await store.tasks.change('task-1', 1, { spec: { ...spec, outputs: [] }, sequenceNumber: 1, cost: 1 })
  const lease = await store.leases.claim('w1', 4, 1)
  if (lease === null) throw new Error('The claim should have found the task.')
  await store.outputs.record(lease, { url, state: 'running', error: null, changedAt: 1 })
  await store.outputs.record(lease, { url, state: 'failed', error: 'refused SECRET-PATH', changedAt: 2 })
  await store.outputs.broken(lease, 'lost SECRET-PATH', 3)
  await store.apiKeys.add({
    secretId: 'AKIDshown',
    secretKey: 'SECRET-KEY',
    account: 'shown-account',
    token: 'SECRET-TOKEN',
    expiresAt: null,
    applications: [7],
    createdAt: 1,
  })
  const application = {
    id: 7,
    userSigKey: 'SECRET-USERSIG-KEY',
    requiresPrivileges: false,
    maxTasks: null,
    callbacks: { relay: { url: 'https://a.example/?SECRET-QUERY', key: 'SECRET-CALLBACK-KEY' } },
    createdAt: 1,
  }
  await store.applications.add(application)
  await store.applications.change({ ...application, userSigKey: 'SECRET-USERSIG-KEY-2' })
  const secrets = ['USERSIG-OF', 'secret-key', 'SECRET-', MASTER_KEY, url]
  expect(foundInFiles([...secrets, 'shown-account'])).toEqual(['shown-account'])
  await store.apiKeys.remove('AKIDshown')
  await store.close()
  expect(foundInFiles([...secrets, 'shown-account'])).toEqual([])
})

test('rows of a database from before are sealed, and nothing of their old text stays in the file', async () => {
  const raw = new DatabaseSync(path)
  raw.exec(`pragma journal_mode = wal; ${firstSchema}`)
  const insertTask = raw.prepare(
    "insert into tasks (id, app_id, state, spec, revision, sequence_number, cost, epoch, lease_until, restarts, created_at) values (?, 1, 'running', ?, 3, 2, 1, 5, 0, 0, 9)",
  )
  // One of many pages, so that what it leaves behind is more than one page can hide.
  const large = { ...spec, audio: { ...spec.audio, block: Array.from({ length: 500 }, (_, index) => ({ userId: `OLD-USER-${index}` })) } }
  insertTask.run('old-1', JSON.stringify(spec))
  insertTask.run('old-2', JSON.stringify(large))
  raw.prepare("insert into outputs values ('old-1', ?, 'failed', 'refused SECRET-PATH', 4)").run(url)
  raw.close()
  const secrets = ['USERSIG-OF', 'secret-key', 'SECRET-', 'OLD-USER-', url]
  expect(foundInFiles(secrets)).toEqual(secrets)

  const store = await openSealed()
  expect(foundInFiles(secrets)).toEqual([])
  expect(await store.tasks.find('old-1')).toMatchObject({ spec, revision: 3, sequenceNumber: 2, epoch: 5 })
  expect((await store.tasks.find('old-2'))?.spec).toEqual(large)
  expect((await store.outputs.ofTasks(['old-1'])).get('old-1')).toEqual([
    { url, state: 'failed', error: 'refused SECRET-PATH', changedAt: 4 },
  ])
})

test('another master key is refused with what to do, and changes nothing', async () => {
  const first = await openSealed()
  await first.workers.present('w1', 4)
  await first.tasks.add({ id: 'task-1', spec, cost: 1 }, 10, 1)
  await first.close()
  await expect(openSealed('another master key, as long as the first')).rejects.toThrow(
    /^The master key does not open the database: .* Set masterKey/,
  )
  expect((await (await openSealed()).tasks.find('task-1'))?.spec).toEqual(spec)
})

test('without a master key a store lasts as long as its process', async () => {
  await (await openStore(path)).close()
  await (await openStore(path)).close()
  await expect(openSealed()).rejects.toThrow('The master key does not open the database')
})
