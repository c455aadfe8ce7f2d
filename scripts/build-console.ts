// Builds the console into dist/console when its sources are newer than the last build.
import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

const changedAt = (file: string): number => statSync(join(root, file)).mtimeMs

/** Makes dist/console what console/ says; nothing to do when it already is. */
export async function buildConsole(): Promise<void> {
  const built = 'dist/console/index.html'
  const sources = [...globSync('console/**/*.*', { cwd: root }), 'package-lock.json'].filter((file) => existsSync(join(root, file)))
  if (existsSync(join(root, built)) && sources.every((file) => changedAt(file) <= changedAt(built))) return
  const { build } = await import('vite')
  await build({ configFile: join(root, 'console/vite.config.ts'), logLevel: 'warn' })
}

if (import.meta.main) await buildConsole()
