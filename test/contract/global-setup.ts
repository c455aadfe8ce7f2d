// Installs the vendor's SDK, whose size keeps it out of the service's own dependencies.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, 'sdk')

/** Called by vitest once before the contract tests. */
export function setup(): void {
  if (existsSync(join(folder, 'node_modules', 'tencentcloud-sdk-nodejs', 'package.json'))) return
  const { status, stdout, stderr } = spawnSync('npm', ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The vendor's SDK could not be installed (status ${status}):\n${stdout}\n${stderr}`)
}
