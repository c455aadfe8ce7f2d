// Who may import whom, as one table, and the check that holds the sources to it.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** Folders of `src` and the folders each may import from, besides itself. `log.ts` and `config.ts` count as folders. */
const mayImport: Record<string, readonly string[]> = {
  mix: [],
  // The names of codecs.
  rtp: ['feed/messages.ts'],
  log: [],
  config: [],
  supervise: [],
  feed: ['mix'],
  trtc: ['mix'],
  client: ['trtc'],
  rooms: ['rtp', 'feed', 'mix', 'supervise', 'log'],
  engine: ['mix', 'rtp', 'feed', 'supervise', 'log'],
  store: ['mix', 'engine/ipc.ts'],
  fleet: ['store', 'mix', 'engine/ipc.ts', 'supervise', 'log'],
  server: ['mix', 'trtc', 'client', 'feed/messages.ts', 'rooms/ipc.ts', 'engine/ipc.ts', 'store', 'fleet', 'supervise', 'log', 'config'],
  demo: ['mix', 'trtc', 'client', 'rtp', 'server', 'engine/ipc.ts', 'fleet/masked-urls.ts', 'rooms/ipc.ts', 'supervise', 'log', 'config'],
  main: ['config', 'server', 'rooms', 'engine', 'demo'],
}

/** Packages that only these folders may load: native code stays out of the server, SQL out of everything but the store. */
const packageHomes: Record<string, readonly string[]> = {
  'node-av': ['engine', 'demo'],
  'node-datachannel': ['rooms', 'demo'],
  kysely: ['store'],
  hono: ['server'],
  sharp: ['fleet', 'server'],
}

const importPattern = /(?:^|[\s;])(?:import|export)\s[^'"]*?from\s*'([^']+)'|import\('([^']+)'\)|^import\s+'([^']+)'/gm

const folderOf = (path: string): string => path.split('/')[0]?.replace(/\.ts$/, '') ?? ''

/** Imports of `src` (tests aside) that go against the table, one sentence each. */
export function importProblems(root: string): string[] {
  const source = join(root, 'src')
  return globSync('**/*.ts', { cwd: source })
    .filter((file) => !file.endsWith('.test.ts') && !file.endsWith('.d.ts'))
    .flatMap((file) => problemsOf(file, readFileSync(join(source, file), 'utf8')))
}

/** The problems of one file. @param file path below `src` */
export function problemsOf(file: string, text: string): string[] {
  const folder = folderOf(file)
  const allowed = mayImport[folder]
  if (allowed === undefined) return [`src/${file}: folder "${folder}" stands in no row of scripts/checks/import-directions.ts.`]
  return [...text.matchAll(importPattern)].flatMap(([, from, dynamic, bare]) => {
    const target = from ?? dynamic ?? bare ?? ''
    return target.startsWith('.') ? relativeProblem(file, folder, target, allowed) : packageProblem(file, folder, target)
  })
}

function relativeProblem(file: string, folder: string, target: string, allowed: readonly string[]): string[] {
  const path = relative('.', join(dirname(file), target))
  if (path.startsWith('..')) return path.startsWith('../package.json') ? [] : [`src/${file} imports ${target}, which is outside src.`]
  const isAllowed = folderOf(path) === folder || allowed.some((entry) => path === entry || folderOf(path) === entry)
  return isAllowed ? [] : [`src/${file} imports src/${path}, but ${folder} may import only: ${allowed.join(', ') || 'nothing'}.`]
}

function packageProblem(file: string, folder: string, target: string): string[] {
  const home = Object.keys(packageHomes).find((name) => target === name || target.startsWith(`${name}/`))
  if (home === undefined || packageHomes[home]?.includes(folder) === true) return []
  return [`src/${file} imports ${target}, which belongs to: ${packageHomes[home]?.join(', ')}.`]
}
