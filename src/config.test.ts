import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from './config.ts'

const file = (text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'tributary-')), 'settings.yaml')
  writeFileSync(path, text)
  return path
}

test('flags win over variables, these over the file, and that over defaults', () => {
  const path = file('httpPort: 1\nrtmpPort: 1\nrtcPort: 1\n')
  const environment = { TRIBUTARY_RTMP_PORT: '2', TRIBUTARY_RTC_PORT: '2' }
  const config = loadConfig(environment, { rtcPort: '3' }, path, { httpPort: 9, bindAddress: '127.0.0.1' })
  expect(config).toMatchObject({ httpPort: 1, rtmpPort: 2, rtcPort: 3, bindAddress: '127.0.0.1', logLevel: 'info' })
})

test('lists and switches are written as text in variables', () => {
  const config = loadConfig({ TRIBUTARY_ADVERTISED_ADDRESSES: '203.0.113.1, 203.0.113.2', TRIBUTARY_ORIGIN: 'false' })
  expect(config).toMatchObject({ advertisedAddresses: ['203.0.113.1', '203.0.113.2'], origin: false })
})

test.each([
  [{ TRIBUTARY_HTTP_PORT: '99999' }, {}, 'Setting httpPort is "99999": Too big'],
  [{}, { logLevel: 'loud' }, 'Setting logLevel is "loud"'],
  [{}, { colour: 'red' }, 'colour'],
])('a setting that cannot be used is named with its value: %o %o', (environment, flags, message) => {
  expect(() => loadConfig(environment, flags)).toThrow(message)
})

test('the value of a secret is not shown', () => {
  expect(() => loadConfig({}, { secretKey: ['hidden'] })).toThrow(/^Setting secretKey is a secret: [^h]/)
})

test('a file must hold names and values', () => {
  expect(() => loadConfig({}, {}, file('- one\n'))).toThrow('names and values')
  expect(() => loadConfig({}, {}, file('httpport: 1\n'))).toThrow('httpport')
})
