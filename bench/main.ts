// `npm run bench -- [NAME…] [--runs N] [--write]`: measures the figures, prints a line for each, and with --write renders docs/benchmarks.md.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { apiLoad } from './api-load.ts'
import type { Figure } from './figure.ts'
import { liveCost } from './live-cost.ts'
import { mixCost } from './mix-cost.ts'
import { pictureLatency } from './picture-latency.ts'
import { remarks } from './remarks.ts'
import { markdown, terminalLine, type Result } from './report.ts'
import { roomsCost } from './rooms-cost.ts'
import { startLatency } from './start-latency.ts'
import { updateLatency } from './update-latency.ts'

const figures: readonly Figure[] = [mixCost, liveCost, startLatency, updateLatency, pictureLatency, roomsCost, apiLoad]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '3' }, write: { type: 'boolean', default: false } },
})
const runs = Number(values.runs)
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs takes a whole number from 1 on (got ${values.runs}).`)
const names = figures.map(({ name }) => name)
for (const name of positionals) if (!names.includes(name)) throw new Error(`There is no figure ${name}; there are ${names.join(', ')}.`)
if (values.write && positionals.length > 0) throw new Error('--write renders all figures; name none with it.')

const results: Result[] = []
for (const figure of figures) {
  if (positionals.length > 0 && !positionals.includes(figure.name)) continue
  const measurements = await figure.measure({ runs })
  results.push({ figure, measurements })
  for (const measurement of measurements) console.log(terminalLine(measurement))
}
if (values.write) writeFileSync(new URL('../docs/benchmarks.md', import.meta.url), markdown(results, runs, new Date(), remarks))
// Native transports keep the loop alive for a while after they were closed.
process.exit()
