import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { problemsOfReference } from './reference-settings.ts'

const text = readFileSync(new URL('../../tributary.reference.yaml', import.meta.url), 'utf8')

test('the reference file shows every setting', () => {
  expect(problemsOfReference(text)).toEqual([])
})

test.each([
  ['a missing setting', text.replace(/^httpPort:.*$/m, ''), 'Setting httpPort is missing'],
  ['a wrong default', text.replace(/^httpPort:.*$/m, 'httpPort: 81'), 'says httpPort: 81'],
  ['an unknown setting', `${text}\n# Speaks.\nvolume: 11\n`, 'names volume, which is no setting'],
  ['a setting without comment', text.replace(/^(httpPort:.*)$/m, '\n$1'), 'httpPort has no comment'],
])('%s is noticed', (_, changed, problem) => {
  expect(problemsOfReference(changed).join()).toContain(problem)
})
