// Holds tributary.reference.yaml to the schema: every setting, its real default, a comment, and nothing else.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { parse } from 'yaml'
import { configSchema } from '../../src/config.ts'

/** What is wrong with the reference file, one sentence each. */
export function referenceProblems(root: string): string[] {
  return problemsOfReference(readFileSync(join(root, 'tributary.reference.yaml'), 'utf8'))
}

/** The problems of a reference file's text. */
export function problemsOfReference(text: string): string[] {
  const defaults: Record<string, unknown> = configSchema.parse({})
  const settings = Object.keys(configSchema.shape)
  const lines = text.split('\n')
  const shown = lines.flatMap((line, index) => {
    const name = /^(?:# )?([a-z][A-Za-z]*):(?: |$)/.exec(line)?.[1]
    return name === undefined || (line.startsWith('#') && !settings.includes(name)) ? [] : [{ name, line, before: lines[index - 1] ?? '' }]
  })
  const written = (parse(text) ?? {}) as Record<string, unknown>
  return [
    ...settings
      .filter((name) => !shown.some((row) => row.name === name))
      .map((name) => `Setting ${name} is missing in tributary.reference.yaml.`),
    ...shown.flatMap(({ name, line, before }) => [
      ...(settings.includes(name) ? [] : [`tributary.reference.yaml names ${name}, which is no setting.`]),
      ...(before.startsWith('# ') ? [] : [`Setting ${name} has no comment above it in tributary.reference.yaml.`]),
      ...(line.startsWith('#') && defaults[name] !== undefined
        ? [`Setting ${name} has a default; show it in tributary.reference.yaml.`]
        : []),
    ]),
    ...settings
      .filter((name) => name in written && !isDeepStrictEqual(written[name], defaults[name]))
      .map(
        (name) =>
          `tributary.reference.yaml says ${name}: ${JSON.stringify(written[name])}, but the default is ${JSON.stringify(defaults[name])}.`,
      ),
  ]
}
