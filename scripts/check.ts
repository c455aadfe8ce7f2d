// `npm run check`: types, lint, format, import directions and the reference settings, side by side.
import { spawn } from 'node:child_process'
import { importProblems } from './checks/import-directions.ts'
import { referenceDocsProblems } from './checks/reference-docs.ts'
import { referenceProblems } from './checks/reference-settings.ts'

interface Outcome {
  readonly name: string
  readonly passed: boolean
  readonly output: string
  readonly tookMs: number
}

const root = new URL('..', import.meta.url).pathname

const commands: Record<string, readonly string[]> = {
  types: ['tsc', '--noEmit'],
  'console types': ['tsc', '--noEmit', '-p', 'console'],
  lint: ['oxlint', '--type-aware', '--deny-warnings'],
  format: ['oxfmt', '--check', '.'],
}

const rules: Record<string, (root: string) => string[]> = {
  'import directions': importProblems,
  'reference settings': referenceProblems,
  'reference docs': referenceDocsProblems,
}

function run(name: string, [program = '', ...parameters]: readonly string[]): Promise<Outcome> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const child = spawn(program, parameters, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const done = (passed: boolean): void => resolve({ name, passed, output, tookMs: performance.now() - startedAt })
    child.once('error', (error) => {
      output += String(error)
      done(false)
    })
    child.once('close', (code) => done(code === 0))
  })
}

function hold(name: string, problemsOf: (root: string) => string[]): Outcome {
  const startedAt = performance.now()
  const problems = problemsOf(root)
  return { name, passed: problems.length === 0, output: problems.join('\n'), tookMs: performance.now() - startedAt }
}

const running = Object.entries(commands).map(([name, command]) => run(name, command))
const outcomes = [...Object.entries(rules).map(([name, rule]) => hold(name, rule)), ...(await Promise.all(running))]
for (const { name, passed, output, tookMs } of outcomes) {
  if (!passed) console.log(output.trimEnd())
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name} (${(tookMs / 1000).toFixed(1)} s)`)
}
process.exitCode = outcomes.every(({ passed }) => passed) ? 0 : 1
