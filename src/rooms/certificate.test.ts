import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { persistentCertificate, selfSignedCertificate } from './certificate.ts'

const directories: string[] = []
const directory = (): string => {
  directories.push(mkdtempSync(join(tmpdir(), 'tributary-certificate-')))
  return directories.at(-1)!
}
afterEach(() => {
  for (const path of directories.splice(0)) rmSync(path, { recursive: true })
})
const now = Date.parse('2026-11-22T12:00:00Z')

test('the certificate is a valid self-signed one for ten years, of its key', () => {
  const { certificate, key } = selfSignedCertificate('tributary', now)
  const parsed = new X509Certificate(certificate)
  expect(parsed.subject).toBe('CN=tributary')
  expect(parsed.verify(parsed.publicKey)).toBe(true)
  expect(parsed.checkPrivateKey(createPrivateKey(key))).toBe(true)
  expect([Date.parse(parsed.validFrom), Date.parse(parsed.validTo)]).toEqual([now - 86_400_000, now + 3_650 * 86_400_000])
})

test('it is kept, its key is private, and it is renewed when broken or about to expire', () => {
  const path = join(directory(), 'data')
  const { certificatePemFile, keyPemFile } = persistentCertificate(path, now)
  const first = readFileSync(certificatePemFile, 'utf8')
  expect(statSync(keyPemFile).mode & 0o777).toBe(0o600)
  persistentCertificate(path, now + 86_400_000)
  expect(readFileSync(certificatePemFile, 'utf8')).toBe(first)
  persistentCertificate(path, now + 3_640 * 86_400_000)
  const renewed = readFileSync(certificatePemFile, 'utf8')
  expect(renewed).not.toBe(first)
  writeFileSync(certificatePemFile, 'broken')
  persistentCertificate(path, now)
  expect(new X509Certificate(readFileSync(certificatePemFile)).subject).toBe('CN=tributary')
})
