// The seven request examples of the vendor's page on StartPublishCdnStream, byte for byte as JSON values.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, 'examples')

/** A fresh copy of example `number`, 1 to 7. */
export function vendorExample(number: number): Record<string, unknown> {
  const file = globSync(`${number}-*.json`, { cwd: folder })[0]
  if (file === undefined) throw new Error(`There is no example ${number}.`)
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>
}
