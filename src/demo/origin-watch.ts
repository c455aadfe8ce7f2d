// Watches what the embedded origin receives of one stream: when media first came, and a recording of the end.
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Origin } from '../server/origin/origin.ts'
import { flvTags } from './flv-tags.ts'

/** Resolves with the instant (`performance.now()`) at which the first picture or sound of a stream reached the origin. */
export async function firstMediaAt(origin: Pick<Origin, 'play'>, key: string, signal: AbortSignal): Promise<number> {
  const stream = Readable.fromWeb(origin.play(key), { signal })
  try {
    for await (const tag of flvTags(stream)) if (tag.isMedia) return performance.now()
  } finally {
    stream.destroy()
  }
  throw new Error('The origin ended the stream before any picture or sound came.')
}

/** Records a stream from its last key frame on, for `forMs`, into an FLV file. Rejects when aborted. */
export async function record(origin: Pick<Origin, 'play'>, key: string, file: string, forMs: number, signal: AbortSignal): Promise<void> {
  const source = Readable.fromWeb(origin.play(key))
  const timer = setTimeout(() => source.push(null), forMs)
  try {
    await pipeline(source, createWriteStream(file), { signal })
  } finally {
    clearTimeout(timer)
    source.destroy()
  }
}
