// Colours as encoders want them.

/** H.264 says in its stream which matrix holds; VP8 always means BT.601 (RFC 6386 section 9.2). */
export type ColorMatrix = 'bt601' | 'bt709'

const lumaShares = { bt601: { red: 0.299, blue: 0.114 }, bt709: { red: 0.2126, blue: 0.0722 } } as const

/** 0xRRGGBB as limited-range samples. */
export function toYuv(color: number, matrix: ColorMatrix = 'bt709'): { y: number; u: number; v: number } {
  const [r, g, b] = [color >> 16, (color >> 8) & 255, color & 255].map((value) => value / 255) as [number, number, number]
  const { red, blue } = lumaShares[matrix]
  const luma = red * r + (1 - red - blue) * g + blue * b
  return {
    y: Math.round(16 + 219 * luma),
    u: Math.round(128 + (112 * (b - luma)) / (1 - blue)),
    v: Math.round(128 + (112 * (r - luma)) / (1 - red)),
  }
}
