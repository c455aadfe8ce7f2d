// How tests run: one project per kind. Kinds that measure time or own the machine's processes run alone, one file after another.
import { existsSync, globSync } from 'node:fs'
import { basename } from 'node:path'
import { defineConfig } from 'vitest/config'

/** The longest one test may take, by folder of `test/`; those in `src` and `scripts` are the unit tests. */
const timeoutsMs: Record<string, number> = { unit: 20_000, contract: 30_000, rooms: 90_000, outputs: 90_000 }
const otherTimeoutMs = 120_000

const folders = globSync('test/*/')
  .map((folder) => basename(folder))
  .filter((name) => globSync(`test/${name}/**/*.test.ts`).length > 0)
const kinds = [
  { name: 'unit', include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'], maxWorkers: 2 },
  ...folders.toSorted().map((name) => ({ name, include: [`test/${name}/**/*.test.ts`], maxWorkers: 1 })),
]

/** A kind that must prepare something once has a `global-setup.ts` in its folder. */
const globalSetupOf = (name: string): string[] => [`test/${name}/global-setup.ts`].filter((file) => existsSync(file))

export default defineConfig({
  test: {
    pool: 'forks',
    passWithNoTests: true,
    projects: kinds.map(({ name, include, maxWorkers }, index) => ({
      test: {
        name,
        include,
        exclude: ['**/node_modules/**'],
        testTimeout: timeoutsMs[name] ?? otherTimeoutMs,
        hookTimeout: timeoutsMs[name] ?? otherTimeoutMs,
        maxWorkers,
        sequence: { groupOrder: index },
        globalSetup: globalSetupOf(name),
      },
    })),
  },
})
