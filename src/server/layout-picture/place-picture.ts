// A picture scaled into a rectangle as its render mode says.
import sharp, { type OverlayOptions } from 'sharp'
import type { Picture } from '../../engine/ipc.ts'
import type { Rect, RenderMode } from '../../mix/mix-spec.ts'

const fits = { crop: 'cover', fit: 'contain', 'fit-black': 'contain', stretch: 'fill' } as const satisfies Record<RenderMode, string>

export async function placePicture(picture: Picture, rect: Rect, mode: RenderMode): Promise<OverlayOptions[]> {
  const input = await sharp(picture.rgba, { raw: { width: picture.widthPx, height: picture.heightPx, channels: 4 } })
    .resize(rect.widthPx, rect.heightPx, { fit: fits[mode], background: { r: 0, g: 0, b: 0, alpha: mode === 'fit-black' ? 1 : 0 } })
    .png({ compressionLevel: 1 })
    .toBuffer()
  return [{ input, left: rect.xPx, top: rect.yPx }]
}
