// Installs the vendor's two SDKs, whose size keeps them out of the service's own dependencies.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, 'sdk')

/** For users of the mainland and of the international site. */
const packages = ['tencentcloud-sdk-nodejs', 'tencentcloud-sdk-nodejs-intl-en']

/** Called by vitest once before the contract tests. */
export function setup(): void {
  if (packages.every((name) => existsSync(join(folder, 'node_modules', name, 'package.json')))) return
  const { status, stdout, stderr } = spawnSync('npm', ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The vendor's SDKs could not be installed (status ${status}):\n${stdout}\n${stderr}`)
}
