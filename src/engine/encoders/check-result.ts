// What FFmpeg's result codes mean.
import { FFmpegError } from 'node-av/lib'

/** Turns a negative FFmpeg result into an error that says what was tried. */
export function checkResult(result: number, what: string): void {
  if (result < 0) throw new Error(`FFmpeg could not ${what}: ${new FFmpegError(result).message}.`)
}
