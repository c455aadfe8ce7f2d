import { expect, test } from 'vitest'
import { problemsOf } from './import-directions.ts'

test.each([
  ['mix/region.ts', "import type { Rect } from './mix-spec.ts'"],
  ['fleet/worker.ts', "import type { EngineCalls } from '../engine/ipc.ts'"],
  ['server/main.ts', "const { x } = await import('../fleet/worker.ts')"],
  ['engine/pipeline.ts', "import { Frame } from 'node-av'\nimport { hrtime } from 'node:process'"],
])('%s may say: %s', (file, text) => {
  expect(problemsOf(file, text)).toEqual([])
})

test.each([
  ['mix/region.ts', "import { roomKey } from '../trtc/errors.ts'", 'mix may import only: nothing'],
  ['fleet/worker.ts', "import { Pipeline } from '../engine/pipeline.ts'", 'fleet may import only'],
  ['server/main.ts', "import {\n  Frame,\n} from 'node-av'", 'belongs to: engine, demo'],
  ['server/app.ts', "export { x } from 'kysely/helpers'", 'belongs to: store'],
  ['trtc/a.ts', "const x = await import('../server/main.ts')", 'trtc may import only'],
  ['novel/a.ts', '', 'stands in no row'],
  ['server/app.ts', "import '../../test/setup/x.ts'", 'outside src'],
])('%s may not say: %s', (file, text, problem) => {
  expect(problemsOf(file, text).join()).toContain(problem)
})
