// Rules between the values of McuLayoutParams (spec section 7, rules 18 to 24).
import type { Rect } from '../../mix/mix-spec.ts'
import { roomKey, type RoomRef, type StreamRef } from '../../mix/room.ts'
import { toStream } from '../convert/layout.ts'
import { invalidParameter } from '../parameter-error.ts'
import type { LayoutParams, McuLayout } from '../types/layout-params.ts'

export interface CanvasSize {
  readonly widthPx: number
  readonly heightPx: number
}

/**
 * What the mode gives no meaning to is not looked at (rule 19).
 * @param canvas as asked for, before rounding to even sizes
 * @returns the pictures with a tile of their own; `null` for a dynamic layout
 * @throws {TrtcError} `InvalidParameter`
 */
export function checkLayout(layout: LayoutParams, canvas: CanvasSize, main: RoomRef, path: string): StreamRef[] | null {
  const mode = layout.MixLayoutMode ?? 1
  if (mode === 4) return checkTiles(layout.MixLayoutList ?? [], canvas, main, `${path}.MixLayoutList`)
  if (mode !== 3 && layout.MaxVideoUser !== undefined) {
    const at = `${path}.MaxVideoUser.UserMediaStream`
    const { room } = toStream(layout.MaxVideoUser.UserMediaStream, main, at)
    if (roomKey(room) !== roomKey(main)) {
      throw invalidParameter(`${at}.UserInfo.RoomId`, room.name, 'must be the main room in a dynamic layout')
    }
  }
  return null
}

/** Whether a rectangle lies within the canvas. */
export const fitsCanvas = (rect: Rect, canvas: CanvasSize): boolean =>
  rect.xPx + rect.widthPx <= canvas.widthPx && rect.yPx + rect.heightPx <= canvas.heightPx

function checkTiles(tiles: readonly McuLayout[], canvas: CanvasSize, main: RoomRef, path: string): StreamRef[] {
  if (tiles.length === 0) throw invalidParameter(path, [], 'must have 1 to 16 items when MixLayoutMode is 4')
  return tiles.flatMap((tile, index) => {
    const at = `${path}.${index}`
    checkPlace(tile, canvas, at)
    if (tile.BackgroundRenderMode === 4) checkCustomRender(tile, at)
    if (tile.CustomCrop !== undefined) checkCrop(tile.CustomCrop, `${at}.CustomCrop`)
    return tile.UserMediaStream === undefined ? [] : [toStream(tile.UserMediaStream, main, `${at}.UserMediaStream`)]
  })
}

function checkPlace({ LocationX = 0, LocationY = 0, ImageWidth = 0, ImageHeight = 0 }: McuLayout, canvas: CanvasSize, path: string): void {
  const right = LocationX + ImageWidth
  const bottom = LocationY + ImageHeight
  const rule = `must stay inside the canvas of ${canvas.widthPx} x ${canvas.heightPx}`
  if (right > canvas.widthPx) throw invalidParameter(`${path}.LocationX + ImageWidth`, right, rule)
  if (bottom > canvas.heightPx) throw invalidParameter(`${path}.LocationY + ImageHeight`, bottom, rule)
}

function checkCustomRender({ ImageWidth = 0, ImageHeight = 0, BackgroundCustomRender: box }: McuLayout, path: string): void {
  const at = `${path}.BackgroundCustomRender`
  if (box === undefined) throw invalidParameter(`${path}.BackgroundRenderMode`, 4, 'must come with BackgroundCustomRender')
  if (box.Width > ImageWidth) throw invalidParameter(`${at}.Width`, box.Width, `must be at most the tile's ${ImageWidth}`)
  if (box.Height > ImageHeight) throw invalidParameter(`${at}.Height`, box.Height, `must be at most the tile's ${ImageHeight}`)
  const maxRadius = Math.min(box.Width, box.Height) / 2
  if ((box.Radius ?? 0) > maxRadius)
    throw invalidParameter(`${at}.Radius`, box.Radius, `must be at most half the smaller side, ${maxRadius}`)
}

function checkCrop(crop: NonNullable<McuLayout['CustomCrop']>, path: string): void {
  const right = crop.LocationX + crop.Width
  const bottom = crop.LocationY + crop.Height
  if (right > 10000) throw invalidParameter(`${path}.LocationX + Width`, right, 'must be at most 10000')
  if (bottom > 10000) throw invalidParameter(`${path}.LocationY + Height`, bottom, 'must be at most 10000')
}
