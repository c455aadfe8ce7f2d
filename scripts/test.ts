// `npm test`: the system's tools, then every test, then one line a machine can read. `npm test -- PATH` runs a part.
import { startVitest } from 'vitest/node'
import { ensureSystemTools } from '../test/setup/system-tools.ts'
import { buildConsole } from './build-console.ts'

ensureSystemTools()
await buildConsole()

const vitest = await startVitest(process.argv.slice(2), { run: true, watch: false })
const modules = vitest.state.getTestModules()
const counts = { passed: 0, failed: vitest.state.getUnhandledErrors().length, skipped: 0, pending: 0 }
for (const module of modules) {
  const tests = [...module.children.allTests()]
  for (const { result } of tests.map((test) => ({ result: test.result() }))) counts[result.state]++
  // A file that could not be loaded, or whose hooks failed, has no failed test to show for it.
  if (!module.ok() && !tests.some((test) => test.result().state === 'failed')) counts.failed++
}
await vitest.close()
if (modules.length === 0) counts.failed++
const left = counts.skipped + counts.pending
process.exitCode = counts.failed > 0 ? 1 : 0
console.log(`${counts.passed} passed, ${counts.failed} failed${left > 0 ? `, ${left} skipped` : ''}`)
