// How tests run: one project per kind. Kinds that measure time or own the machine's processes run alone, one file after another.
import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

/** Kind of test, its files, the longest one test may take, and whether its files share the machine with others. */
const kinds = [
  { name: 'unit', include: ['src/**/*.test.ts', 'scripts/**/*.test.ts'], timeoutMs: 20_000, alone: false },
  { name: 'contract', include: ['test/contract/**/*.test.ts'], timeoutMs: 30_000, alone: true },
  { name: 'rooms', include: ['test/rooms/**/*.test.ts'], timeoutMs: 90_000, alone: true },
  { name: 'outputs', include: ['test/outputs/**/*.test.ts'], timeoutMs: 90_000, alone: true },
  { name: 'media', include: ['test/media/**/*.test.ts'], timeoutMs: 120_000, alone: true },
  { name: 'fleet', include: ['test/fleet/**/*.test.ts'], timeoutMs: 120_000, alone: true },
  { name: 'browser', include: ['test/browser/**/*.test.ts'], timeoutMs: 120_000, alone: true },
]

/** A kind that must prepare something once has a `global-setup.ts` in its folder. */
const globalSetupOf = (name: string): string[] => [`test/${name}/global-setup.ts`].filter((file) => existsSync(file))

export default defineConfig({
  test: {
    pool: 'forks',
    passWithNoTests: true,
    projects: kinds.map(({ name, include, timeoutMs, alone }, index) => ({
      test: {
        name,
        include,
        exclude: ['**/node_modules/**'],
        testTimeout: timeoutMs,
        hookTimeout: timeoutMs,
        maxWorkers: alone ? 1 : 2,
        sequence: { groupOrder: index },
        globalSetup: globalSetupOf(name),
      },
    })),
  },
})
