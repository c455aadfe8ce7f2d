// Holds docs/reference to the schemas and the catalogue of errors.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { referencePages } from '../reference/reference-pages.ts'

/** Pages that are not as the schemas make them, one sentence each. */
export function referenceDocsProblems(root: string): string[] {
  const folder = join(root, 'docs/reference')
  const written = new Map((existsSync(folder) ? readdirSync(folder) : []).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  return problemsOfPages(written, referencePages())
}

/** @param written pages that are there, by file name */
export function problemsOfPages(written: ReadonlyMap<string, string>, made: ReadonlyMap<string, string>): string[] {
  return [...new Set([...made.keys(), ...written.keys()])]
    .filter((name) => written.get(name) !== made.get(name))
    .map((name) => `docs/reference/${name} is not as the schemas have it: run npm run build:reference.`)
}
