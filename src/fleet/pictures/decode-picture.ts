// From the bytes of a file to pixels, within limits.
import sharp from 'sharp'
import type { Picture } from '../../engine/ipc.ts'

/** "2K" as relay-api.md section 9 reads it. */
const maxLongSidePx = 2560
const maxShortSidePx = 1440

/** First bytes of the formats taken; what the server or the name calls the file does not matter. */
const signatures: readonly Buffer[] = [Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('ffd8ff', 'hex')]

/** A file that is no usable picture; the message is half a sentence. */
export class UnusablePicture extends Error {}

// Pictures are rare and their pixels are kept elsewhere: a cache inside libvips only holds memory.
sharp.cache(false)
sharp.concurrency(1)

/**
 * Decodes a PNG or JPEG file to 8-bit sRGB with alpha, turned upright as its EXIF data says.
 * @throws {UnusablePicture} for other formats, damaged files and pictures beyond 2560 x 1440
 */
export async function decodePicture(file: Buffer): Promise<Picture> {
  if (!signatures.some((signature) => file.subarray(0, signature.length).equals(signature))) {
    throw new UnusablePicture('it must be a PNG or JPEG file')
  }
  try {
    // The header is judged before any pixel is decoded.
    const image = sharp(file, { limitInputPixels: false, failOn: 'error' })
    const { width, height } = await image.metadata()
    if (Math.max(width, height) > maxLongSidePx || Math.min(width, height) > maxShortSidePx) {
      throw new UnusablePicture(`it may be ${maxLongSidePx} x ${maxShortSidePx} pixels large at most (got ${width} x ${height})`)
    }
    const upright = image.autoOrient().toColourspace('srgb').ensureAlpha()
    const { data, info } = await upright.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
    return { widthPx: info.width, heightPx: info.height, rgba: data }
  } catch (error) {
    if (error instanceof UnusablePicture) throw error
    throw new UnusablePicture('it is damaged', { cause: error })
  }
}
