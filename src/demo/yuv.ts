// Colours as the encoder wants them.

/** 0xRRGGBB as BT.709 limited-range samples. */
export function toYuv(color: number): { y: number; u: number; v: number } {
  const [r, g, b] = [color >> 16, (color >> 8) & 255, color & 255].map((value) => value / 255) as [number, number, number]
  const luma = 0.2126 * r + 0.7152 * g + 0.0722 * b
  return {
    y: Math.round(16 + 219 * luma),
    u: Math.round(128 + (224 * (b - luma)) / 1.8556),
    v: Math.round(128 + (224 * (r - luma)) / 1.5748),
  }
}
