import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError } from '../../config.ts'
import { commandParameters } from './command-parameters.ts'

test('dotted names become a tree', () => {
  const words = [
    '--SdkAppId',
    '1',
    '--A.B=x=y',
    '--PublishCdnParams.0.PublishCdnUrl',
    'rtmp://a/b',
    '--PublishCdnParams.1.IsTencentCdn',
    '0',
  ]
  expect(commandParameters(words)).toEqual({
    SdkAppId: '1',
    A: { B: 'x=y' },
    PublishCdnParams: [{ PublishCdnUrl: 'rtmp://a/b' }, { IsTencentCdn: '0' }],
  })
  expect(commandParameters([])).toEqual({})
  expect(commandParameters(['--Offset', '-5', '--Text=--dashes', '--Empty='])).toEqual({ Offset: '-5', Text: '--dashes', Empty: '' })
})

test.each([
  [['--TaskId'], 'Parameter --TaskId has no value'],
  [['--TaskId', '--SdkAppId', '1'], 'Parameter --TaskId has no value'],
  [['secret-word'], 'A word without --Name before it is no parameter'],
  [['-x', '1'], 'is no parameter'],
])('%j is refused without showing a value', (words, message) => {
  const call = () => commandParameters(words)
  expect(call).toThrow(ConfigError)
  expect(call).toThrow(message)
  expect(call).not.toThrow('secret-word')
})

test('a name given twice contradicts itself', () => {
  expect(() => commandParameters(['--A', '1', '--A', '2'])).toThrow('A is')
})

test('parameters come from a file of JSON, or from the command line, never from both', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'tributary-api-')), 'request.json')
  writeFileSync(file, '{"SdkAppId":1,"List":[true]}')
  expect(commandParameters([], file)).toEqual({ SdkAppId: 1, List: [true] })
  expect(() => commandParameters(['--A', '1'], file)).toThrow('"--A" stands beside --json')
  writeFileSync(file, '{"UserSig":"secret')
  expect(() => commandParameters([], file)).toThrow(/request\.json cannot be read: it must be JSON\.$/)
  expect(() => commandParameters([], `${file}.none`)).toThrow('no such file')
})
