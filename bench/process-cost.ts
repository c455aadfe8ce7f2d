// CPU and memory of processes, as the kernel counts them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

/** `USER_HZ`; 100 on every Linux of today. */
const TICKS_PER_SEC = 100

/** Fields of /proc/PID/stat behind the command's name, of which the first is the state. */
const statFields = (pid: number | 'self'): number[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
}

/** User and system time of all children that have ended and were waited for, with theirs. */
const endedChildrenSec = (): number => {
  const fields = statFields('self')
  return ((fields[13] ?? 0) + (fields[14] ?? 0)) / TICKS_PER_SEC
}

/** User and system time of a running process, all threads. */
export const cpuSecOf = (pid: number): number => {
  const fields = statFields(pid)
  return ((fields[11] ?? 0) + (fields[12] ?? 0)) / TICKS_PER_SEC
}

/**
 * Runs a command to its end. No other child of this process may end meanwhile.
 * @returns its user and system time from exec to exit
 * @throws when it fails
 */
export async function costSec(command: string, args: readonly string[]): Promise<number> {
  const before = endedChildrenSec()
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const [status] = (await once(child, 'exit')) as [number | null]
  if (status !== 0) throw new Error(`${command} ended with ${status}.`)
  return endedChildrenSec() - before
}

/** Memory of a process with its share of what it shares (PSS), in MB. */
export function pssMb(pid: number): number {
  const [, kilobytes] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? []
  return (Number(kilobytes) * 1024) / 1e6
}

/** Running children of this process whose command line ends with `command`. */
export function childPids(command: string): number[] {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  return children.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').at(-2) === command)
}
