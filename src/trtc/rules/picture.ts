// Rules of the picture as a whole: layout, canvas and watermarks together (spec section 7, rules 18 to 25).
import type { VideoSpec } from '../../mix/mix-spec.ts'
import type { RoomRef, StreamRef } from '../../mix/room.ts'
import { invalidParameter } from '../parameter-error.ts'
import type { VideoParamsUpdate } from '../types/video-params.ts'
import { checkLayout, fitsCanvas, type CanvasSize } from './layout.ts'
import { checkWatermarks } from './watermarks.ts'

/**
 * Checks a picture together with the tiles that stay.
 * @param canvas as asked for, before rounding to even sizes
 * @param current the picture so far, if there is one
 * @returns the streams with a tile; `null` for a dynamic layout
 * @throws {TrtcError} `InvalidParameter` or `MissingParameter`
 */
export function checkPicture(video: VideoParamsUpdate, canvas: CanvasSize, main: RoomRef, current: VideoSpec | null): StreamRef[] | null {
  checkWatermarks(video.WaterMarkList ?? [], 'VideoParams.WaterMarkList')
  if (video.LayoutParams !== undefined) return checkLayout(video.LayoutParams, canvas, main, 'VideoParams.LayoutParams')
  if (current?.layout.kind !== 'custom') return null
  const { tiles } = current.layout
  const outside = tiles.findIndex((tile) => !fitsCanvas(tile, canvas))
  if (outside >= 0) {
    throw invalidParameter(
      'VideoParams.VideoEncode',
      `${canvas.widthPx} x ${canvas.heightPx}`,
      `must hold tile ${outside} of the present layout`,
    )
  }
  return tiles.flatMap((tile) => (tile.stream === null ? [] : [tile.stream]))
}
