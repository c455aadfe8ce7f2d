import { expect, test } from 'vitest'
import { z } from 'zod'
import { actions } from '../../src/trtc/actions/actions.ts'
import { toWireSchema } from '../../src/trtc/openapi/json-schema.ts'
import { array, choice, integer, object, text } from '../../src/trtc/types/values.ts'
import { parameterRows } from '../reference/parameter-rows.ts'
import { referencePages } from '../reference/reference-pages.ts'
import { problemsOfPages, referenceDocsProblems } from './reference-docs.ts'

test('the committed pages are those of the schemas', () => {
  expect(referenceDocsProblems(new URL('../..', import.meta.url).pathname)).toEqual([])
})

test('a page that differs, is missing or is left over is noticed', () => {
  const made = new Map([
    ['a.md', 'A'],
    ['b.md', 'B'],
  ])
  const problems = problemsOfPages(
    new Map([
      ['a.md', 'other'],
      ['c.md', 'C'],
    ]),
    made,
  )
  expect(problems).toEqual(['a', 'b', 'c'].map((name) => expect.stringContaining(`docs/reference/${name}.md`)))
  expect(problemsOfPages(made, made)).toEqual([])
})

test('every action has a page, reached from the first one', () => {
  const pages = referencePages()
  for (const name of Object.keys(actions)) {
    expect(pages.has(`${name}.md`)).toBe(true)
    expect(pages.get('README.md')).toContain(`[${name}](${name}.md)`)
  }
})

test('parameters are told with their types and rules', () => {
  const schema = object({
    Fps: integer(1, 60),
    Mode: choice(0, 1).optional(),
    List: array(object({ Name: text().max(9) }), 4).optional(),
    End: z.string().nullable().describe('when'),
  })
  expect(parameterRows(toWireSchema(schema))).toEqual([
    { name: 'Fps', type: 'integer', isRequired: true, rule: '1 to 60' },
    { name: 'Mode', type: 'integer', isRequired: false, rule: 'one of 0, 1' },
    { name: 'List', type: 'list of object', isRequired: false, rule: 'at most 4 items' },
    { name: 'List.N.Name', type: 'string', isRequired: true, rule: 'at most 9 characters' },
    { name: 'End', type: 'string or null', isRequired: true, rule: 'when' },
  ])
})
