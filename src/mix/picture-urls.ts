// Which pictures a mix needs fetched.
import type { VideoSpec } from './mix-spec.ts'

/** Every picture URL the mix refers to, each once, in order of first mention. */
export function pictureUrls(video: VideoSpec | null): string[] {
  if (video === null) return []
  const tiles = video.layout.kind === 'custom' ? video.layout.tiles : []
  return [
    ...new Set([
      ...(video.background.pictureUrl === null ? [] : [video.background.pictureUrl]),
      ...tiles.flatMap((tile) => (tile.placeholder === null ? [] : [tile.placeholder.url])),
      ...video.watermarks.map((watermark) => watermark.url),
    ]),
  ]
}
