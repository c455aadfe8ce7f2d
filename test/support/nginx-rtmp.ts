// Debian's nginx with its RTMP module as a receiver that we did not write; it records all it gets.
import { spawn, type ChildProcess } from 'node:child_process'
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

const rtmpModule = '/usr/lib/nginx/modules/ngx_rtmp_module.so'
const START_TIMEOUT_MS = 5000
const END_TIMEOUT_MS = 15_000

export interface NginxRtmp {
  readonly port: number
  readonly pid: number
  /** Address to publish `key` to, and to play it from. */
  url(key: string): string
  /** FLV file of what was published as `key`; a second publication replaces it. */
  recording(key: string): string
  /** Resolves once nobody publishes `key` any more and its recording is whole. */
  recorded(key: string): Promise<void>
  /** Ends it politely and removes its files. */
  stop(): Promise<void>
  /** Ends master and workers at once; the files stay until `stop`. */
  kill(): Promise<void>
  /** Stops master and workers where they are: connections stay, nothing moves. */
  pause(): void
  resume(): void
}

export interface NginxRtmpOptions {
  /** To come back where another one was. */
  readonly port?: number
}

/** Starts a server on 127.0.0.1 and waits until it listens. */
export async function startNginxRtmp(options: NginxRtmpOptions = {}): Promise<NginxRtmp> {
  const port = options.port ?? (await freePort())
  const directory = await mkdtemp(join(tmpdir(), 'nginx-rtmp-'))
  await mkdir(join(directory, 'recordings'))
  await writeFile(join(directory, 'nginx.conf'), configuration(directory, port))
  const errorLog = join(directory, 'error.log')
  // A group of its own, so that signals reach the workers too.
  const child = spawn('/usr/sbin/nginx', ['-p', directory, '-c', join(directory, 'nginx.conf'), '-e', errorLog], {
    detached: true,
    stdio: 'ignore',
  })
  const pid = child.pid ?? -1
  const signal = (name: NodeJS.Signals): void => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-pid, name)
  }
  const killAtExit = (): void => signal('SIGKILL')
  process.once('exit', killAtExit)
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const end = async (name: NodeJS.Signals): Promise<void> => {
    signal('SIGCONT')
    signal(name)
    await exited
    process.off('exit', killAtExit)
  }
  await untilListening(port, child)
  return {
    port,
    pid,
    url: (key) => `rtmp://127.0.0.1:${port}/live/${key}`,
    recording: (key) => join(directory, 'recordings', `${key}.flv`),
    recorded: (key) => untilThere(join(directory, 'recordings', `${key}.flv.done`)),
    async stop() {
      await end('SIGTERM')
      await rm(directory, { recursive: true, force: true })
    },
    kill: () => end('SIGKILL'),
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
  }
}

const configuration = (directory: string, port: number): string => `
load_module ${rtmpModule};
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${directory}/nginx.pid;
error_log ${directory}/error.log info;
events { worker_connections 256; }
rtmp {
  access_log off;
  server {
    listen 127.0.0.1:${port};
    application live {
      live on;
      record all;
      record_path ${directory}/recordings;
      record_unique off;
      record_suffix .flv;
      exec_record_done /usr/bin/touch $path.done;
    }
  }
}
`

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS
  while (!(await accepts(port))) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`nginx does not listen on ${port} (exit code ${child.exitCode}); is libnginx-mod-rtmp installed?`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function untilThere(file: string): Promise<void> {
  const deadline = performance.now() + END_TIMEOUT_MS
  const isThere = (): Promise<boolean> =>
    access(file).then(
      () => true,
      () => false,
    )
  while (!(await isThere())) {
    if (performance.now() > deadline) throw new Error(`nginx still records, or never did: there is no ${file}.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
