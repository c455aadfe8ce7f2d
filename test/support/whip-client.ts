// FFmpeg's own WHIP muxer (in node-av) as publisher, in a child process of its own: H.264 and Opus.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface FfmpegPublishOptions {
  readonly url: string
  readonly userSig: string
  readonly seconds: number
}

/** Publishes a grey moving picture of 640 x 360 at 30 fps and a tone of 660 Hz; resolves when it has hung up. */
export async function publishByFfmpeg(options: FfmpegPublishOptions): Promise<void> {
  const child = fork(fileURLToPath(new URL('./whip-client-process.ts', import.meta.url)), [JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let errors = ''
  child.stderr?.on('data', (text: Buffer) => (errors += text))
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`FFmpeg's WHIP publisher ended with code ${code}: ${errors.slice(-2_000)}`)
}
