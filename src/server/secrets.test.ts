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

test('refuses a file it cannot read instead of writing over it', () => {
  const dataDir = directory()
  loadSecrets(dataDir)
  writeFileSync(join(dataDir, 'secrets.json'), '{ broken')
  expect(() => loadSecrets(dataDir)).toThrow('must be JSON')
  expect(readFileSync(join(dataDir, 'secrets.json'), 'utf8')).toBe('{ broken')
})
