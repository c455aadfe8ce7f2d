// Opening an FFmpeg encoder: the one way that does not free memory twice (open2Sync with a dictionary does).
import { Codec, CodecContext } from 'node-av/lib'
import { checkResult } from './check-result.ts'
import { AV_CODEC_FLAG_GLOBAL_HEADER } from 'node-av/constants'

/**
 * Opens `encoderName` with its stream headers in `extraData`.
 * @param prepare sets the context's fields
 * @throws if FFmpeg lacks the encoder, knows no such option, or refuses the parameters
 */
export function openEncoderContext(
  encoderName: string,
  prepare: (context: CodecContext) => void,
  options: Readonly<Record<string, string>>,
): CodecContext {
  const codec = Codec.findEncoderByName(encoderName as never)
  if (codec === null) throw new Error(`FFmpeg has no encoder ${encoderName}.`)
  const context = new CodecContext()
  context.allocContext3(codec)
  prepare(context)
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER)
  for (const [name, value] of Object.entries(options)) checkResult(context.setOption(name, value), `set ${name}=${value} of ${encoderName}`)
  checkResult(context.open2Sync(codec, null), `open ${encoderName}`)
  return context
}
