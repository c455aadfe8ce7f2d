// McuLayoutParams into tiles or a template.
import type { LayoutSpec, PictureSpec, RenderMode, TileSpec } from '../../mix/mix-spec.ts'
import type { RoomRef, StreamRef } from '../../mix/room.ts'
import type { LayoutParams, McuLayout } from '../types/layout-params.ts'
import type { UserMediaStream } from '../types/user-info.ts'
import { toPictureUrl } from './picture-url.ts'
import { toUser } from './room.ts'

const pictureModes = { 0: 'crop', 1: 'fit', 2: 'fit-black' } as const satisfies Record<number, RenderMode>
/** Mode 4 never reaches this point. */
const placeholderModes = { ...pictureModes, 3: 'stretch', 4: 'stretch' } as const satisfies Record<number, RenderMode>

/** Layouts of modes 3 and 4; others never reach this point. */
export function toLayout(layout: LayoutParams, main: RoomRef, path: string, warn: (warning: string) => void): LayoutSpec {
  if (layout.MixLayoutMode === 4) {
    const tiles = (layout.MixLayoutList ?? []).map((tile, index) => toTile(tile, main, `${path}.MixLayoutList.${index}`, warn))
    return { kind: 'custom', tiles }
  }
  return { kind: 'grid', renderMode: pictureModes[layout.RenderMode ?? 0], holdPureAudio: layout.PureAudioHoldPlaceMode === 1 }
}

/** The wire's name of a picture, camera unless it says otherwise. */
export const toStream = (stream: UserMediaStream, main: RoomRef, path: string): StreamRef => ({
  ...toUser(stream.UserInfo, main, `${path}.UserInfo`),
  source: stream.StreamType === 1 ? 'screen' : 'camera',
})

function toTile(tile: McuLayout, main: RoomRef, path: string, warn: (warning: string) => void): TileSpec {
  return {
    stream: tile.UserMediaStream === undefined ? null : toStream(tile.UserMediaStream, main, `${path}.UserMediaStream`),
    xPx: tile.LocationX ?? 0,
    yPx: tile.LocationY ?? 0,
    widthPx: tile.ImageWidth ?? 0,
    heightPx: tile.ImageHeight ?? 0,
    zOrder: tile.ZOrder ?? 0,
    renderMode: pictureModes[tile.RenderMode ?? 0],
    placeholder: toPlaceholder(tile, path, warn),
  }
}

function toPlaceholder(tile: McuLayout, path: string, warn: (warning: string) => void): PictureSpec | null {
  const url = toPictureUrl(tile.BackgroundImageUrl, `${path}.BackgroundImageUrl`, warn)
  return url === null ? null : { url, renderMode: placeholderModes[tile.BackgroundRenderMode ?? 3] }
}
