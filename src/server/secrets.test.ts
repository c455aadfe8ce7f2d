import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadSecrets } from './secrets.ts'

const directory = () => join(mkdtempSync(join(tmpdir(), 'tributary-')), 'data')

test('makes secrets once, for the owner only, and keeps them', () => {
  const dataDir = directory()
  const first = loadSecrets(dataDir)
  expect(first.made).toContain('secretKey')
  expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600)
  const second = loadSecrets(dataDir)
  expect(second.made).toEqual([])
  expect(second.secrets).toEqual(first.secrets)
})

test('adds only what is missing', () => {
  const dataDir = directory()
  const { secrets } = loadSecrets(dataDir)
  const { consoleToken: _, ...older } = secrets
  writeFileSync(join(dataDir, 'secrets.json'), JSON.stringify(older))
  const again = loadSecrets(dataDir)
  expect(again.made).toEqual(['consoleToken'])
  expect(again.secrets.secretKey).toBe(secrets.secretKey)
})

test('a master key of the settings wins and is not written beside the database', () => {
  const dataDir = directory()
  const given = loadSecrets(dataDir, 'a master key out of the settings, 32+')
  expect(given.secrets.masterKey).toBe('a master key out of the settings, 32+')
  expect(readFileSync(join(dataDir, 'secrets.json'), 'utf8')).not.toContain('masterKey')
  const made = loadSecrets(dataDir)
  expect(made.made).toEqual(['masterKey'])
  expect(loadSecrets(dataDir).secrets.masterKey).toBe(made.secrets.masterKey)
  expect(made.secrets.masterKey).toHaveLength(64)
})

test('refuses a file it cannot read instead of writing over it', () => {
  const dataDir = directory()
  loadSecrets(dataDir)
  writeFileSync(join(dataDir, 'secrets.json'), '{ broken')
  expect(() => loadSecrets(dataDir)).toThrow('must be JSON')
  expect(readFileSync(join(dataDir, 'secrets.json'), 'utf8')).toBe('{ broken')
})
