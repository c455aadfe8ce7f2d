// node-media-server as a receiver over RTMP and RTMPS; it records what it gets.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import net from 'node:net'
import { dirname, join } from 'node:path'
import { freePort } from '../support/free-port.ts'

export interface MediaServer {
  url(key: string): string
  secureUrl(key: string): string
  /** PEM; vouches for `localhost` in `secureUrl`. */
  readonly certificate: string
  /** Path of the newest recording of `key`. */
  recording(key: string): Promise<string>
  stop(): Promise<void>
}

const START_TIMEOUT_MS = 10_000

/** @param directory where recordings, keys and settings go */
export async function startMediaServer(directory: string): Promise<MediaServer> {
  const program = join(dirname(createRequire(import.meta.url).resolve('node-media-server/package.json')), 'bin/app.js')
  const [port, securePort, httpPort] = [await freePort(), await freePort(), await freePort()]
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  const request = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
  ]
  execFileSync('openssl', [...request, '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const settings = {
    bind: '127.0.0.1',
    notify: { url: '' },
    store: { path: join(directory, 'store'), maxHistory: 10 },
    auth: {
      play: false,
      publish: false,
      secret: '',
      jwt: { secret: 'only-for-tests', expiresIn: '1h', refreshExpiresIn: '1h', algorithm: 'HS256', users: [] },
    },
    rtmp: { port },
    rtmps: { port: securePort, key, cert },
    http: { port: httpPort },
    webadmin: { enable: false },
    record: { auto: true, path: join(directory, 'recordings') },
  }
  const settingsFile = join(directory, 'media-server.json')
  writeFileSync(settingsFile, JSON.stringify(settings))
  const child = spawn(process.execPath, [program, '-c', settingsFile], { cwd: directory, stdio: 'ignore' })
  const killAtExit = (): void => void child.kill('SIGKILL')
  process.once('exit', killAtExit)
  await Promise.all([untilListening(port), untilListening(securePort)])
  return {
    url: (name) => `rtmp://127.0.0.1:${port}/live/${name}`,
    secureUrl: (name) => `rtmps://localhost:${securePort}/live/${name}`,
    certificate: readFileSync(cert, 'utf8'),
    async recording(name) {
      const files = await readdir(join(directory, 'recordings'), { recursive: true })
      const found = files
        .filter((file) => file.includes(name) && file.endsWith('.flv'))
        .sort()
        .at(-1)
      if (found === undefined) throw new Error(`No recording of ${name} among: ${files.join(', ')}.`)
      return join(directory, 'recordings', found)
    },
    async stop() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      process.off('exit', killAtExit)
    },
  }
}

async function untilListening(port: number): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS
  for (;;) {
    const socket = net.connect(port, '127.0.0.1')
    const isOpen = await new Promise<boolean>((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)))
    socket.destroy()
    if (isOpen) return
    if (performance.now() > deadline) throw new Error(`node-media-server does not listen on ${port}.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
