import { writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { ChildDied, forkChild } from './child-process.ts'

interface Calls {
  echo(text: string): Promise<string>
  hang(): Promise<void>
  askParent(): Promise<number>
}

interface Events {
  ready(): void
  question(): Promise<number>
}

const folder = mkdtempSync(join(tmpdir(), 'tributary-child-'))
const script = join(folder, 'child.ts')
const unit = fileURLToPath(new URL('./child-process.ts', import.meta.url))
writeFileSync(
  script,
  `import { serveParent } from ${JSON.stringify(unit)}
const parent = serveParent({
  echo: async (text) => process.argv[2] + ' ' + text,
  hang: () => new Promise(() => {}),
  askParent: () => parent.question(),
}, ['ready'])
parent.ready()
`,
)
afterAll(() => rmSync(folder, { recursive: true }))

function child() {
  const ready = Promise.withResolvers<void>()
  const forked = forkChild<Calls, Events>('test', { ready: ready.resolve, question: async () => 42 }, {}, script)
  return { ...forked, ready: ready.promise }
}

test('parent and child call each other', async () => {
  const { calls, ready, close } = child()
  await ready
  expect(await calls.echo('hears')).toBe('test hears')
  expect(await calls.askParent()).toBe(42)
  await close()
})

test('calls reject when the child dies, pending ones and later ones', async () => {
  const { calls, ready, exited, pid } = child()
  await ready
  const pending = expect(calls.hang()).rejects.toThrow(ChildDied)
  process.kill(pid, 'SIGKILL')
  await pending
  expect(await exited).toEqual({ code: null, signal: 'SIGKILL' })
  await expect(calls.echo('anybody there?')).rejects.toThrow('The test process ended (code null, signal SIGKILL).')
})

test('signals to the whole group leave the child to its parent; close ends it, twice if need be', async () => {
  const { calls, ready, exited, pid, close } = child()
  await ready
  process.kill(pid, 'SIGINT')
  process.kill(pid, 'SIGTERM')
  expect(await calls.echo('still')).toBe('test still')
  await Promise.all([close(), close()])
  expect(await exited).toEqual({ code: null, signal: 'SIGKILL' })
})
