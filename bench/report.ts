// Measurements as lines for the terminal and as docs/benchmarks.md.
import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { median, isMet, percentile, type Figure, type Measurement } from './figure.ts'

export interface Result {
  readonly figure: Figure
  readonly measurements: readonly Measurement[]
}

const columns = ['figure', 'unit', 'n', 'median', 'p95', 'min – max', 'goal', 'met'] as const

const digits = (value: number): string => value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0)

/** The cells of one measurement, in the order of the table. */
function cells(measurement: Measurement): string[] {
  const { what, unit, values, goal } = measurement
  const met = isMet(measurement)
  return [
    what,
    unit,
    `${values.length}`,
    digits(median(values)),
    // Of a few values it would only repeat the largest.
    values.length < 20 ? '' : digits(percentile(values, 0.95)),
    `${digits(Math.min(...values))} – ${digits(Math.max(...values))}`,
    goal === null ? '' : `${goal.statistic} ≤ ${goal.atMost}`,
    met === null ? '' : met ? 'yes' : 'no',
  ]
}

/** One line a measurement. */
export const terminalLine = (measurement: Measurement): string =>
  cells(measurement)
    .map((cell, index) => (index === 0 ? cell.padEnd(58) : cell.padEnd([0, 12, 4, 8, 8, 16, 16, 4][index] ?? 0)))
    .join(' ')
    .trimEnd()

/** @param remarks what the reader should know about goals that are not met, or figures that surprise, by the figure's name */
export function markdown(results: readonly Result[], runs: number, date: Date, remarks: Readonly<Record<string, string>>): string {
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`
  const sections = results.map(({ figure, measurements }) =>
    [
      `## ${figure.title}`,
      '',
      figure.method,
      '',
      `\`npm run bench -- ${figure.name}\``,
      '',
      line(columns),
      line(columns.map(() => '---')),
      ...measurements.map((measurement) => line(cells(measurement))),
      ...(remarks[figure.name] === undefined ? [] : ['', remarks[figure.name] ?? '']),
    ].join('\n'),
  )
  return `${head(runs, date)}\n${sections.join('\n\n')}\n`
}

const head = (runs: number, date: Date): string => `# Benchmarks

Written by \`npm run bench -- --runs ${runs} --write\` on ${date.toISOString().slice(0, 10)}; do not edit by hand, run it again.

| machine | |
| --- | --- |
| CPU | ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'} |
| memory | ${Math.round(totalmem() / 2 ** 30)} GiB |
| Node | ${process.version} |
| FFmpeg in the engine | ${engineFfmpeg()} |
| ffmpeg command line | ${commandLineFfmpeg()} |

Comparisons run in turn (A B A B …) on the same inputs, made once by ffmpeg; the ratio is taken within each turn. Everything
runs on this one machine: publishers, server and receiver share its cores. Network and wide-area delays are in none of the figures.
"n" is the number of turns or trials; p95 is given from 20 on.
`

const commandLineFfmpeg = (): string =>
  /^ffmpeg version (\S+)/.exec(execFileSync('ffmpeg', ['-version'], { encoding: 'utf8' }))?.[1] ?? 'unknown'

/** Asked in a process of its own: this one holds no native code. */
const engineFfmpeg = (): string =>
  execFileSync(
    process.execPath,
    ['--input-type=module', '-e', `import { getFFmpegInfo } from 'node-av/lib'; console.log(getFFmpegInfo().version)`],
    {
      encoding: 'utf8',
      cwd: import.meta.dirname,
    },
  ).trim()
