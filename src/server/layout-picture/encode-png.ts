// Pixels as a PNG file.
import sharp from 'sharp'
import type { Picture } from '../../engine/ipc.ts'

export const encodePng = ({ widthPx, heightPx, rgba }: Picture): Promise<Buffer> =>
  sharp(rgba, { raw: { width: widthPx, height: heightPx, channels: 4 } })
    .png({ compressionLevel: 6 })
    .toBuffer()
