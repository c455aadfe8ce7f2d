// The arithmetic of pixels, in AssemblyScript (not TypeScript): compiled to kernel.wasm by `npm run build:kernel`.
// Everything lies in one imported memory; strides are bytes; alpha is premultiplied into what it covers.

/** Copies a rectangle of bytes. */
export function copyRect(dst: usize, dstStride: usize, src: usize, srcStride: usize, width: usize, height: i32): void {
  for (let row = 0; row < height; row++) {
    memory.copy(dst, src, width)
    dst += dstStride
    src += srcStride
  }
}

/** Fills a rectangle with one value. */
export function fillRect(dst: usize, dstStride: usize, value: u8, width: usize, height: i32): void {
  for (let row = 0; row < height; row++) {
    memory.fill(dst, value, width)
    dst += dstStride
  }
}

/**
 * Fills the chroma samples under the luma rectangle x, y, width, height of the plane at `dst`;
 * a sample half or a quarter under it takes that share of the value.
 */
export function fillChroma(dst: usize, dstStride: usize, value: i32, x: i32, y: i32, width: i32, height: i32): void {
  const right = x + width
  const bottom = y + height
  for (let row = y & ~1; row < bottom; row += 2) {
    const rows = min(row + 2, bottom) - max(row, y)
    for (let column = x & ~1; column < right; column += 2) {
      const share = rows * (min(column + 2, right) - max(column, x))
      const at = dst + <usize>(row >> 1) * dstStride + <usize>(column >> 1)
      store<u8>(at, <u8>((value * share + <i32>load<u8>(at) * (4 - share) + 2) >> 2))
    }
  }
}

/** dst = src + dst * (255 - alpha) / 255, `src` being premultiplied. */
export function blendRect(dst: usize, dstStride: usize, src: usize, srcStride: usize, alpha: usize, alphaStride: usize, width: i32, height: i32): void {
  const c255 = i16x8.splat(255)
  const c128 = i16x8.splat(128)
  for (let row = 0; row < height; row++) {
    let x = 0
    for (; x + 16 <= width; x += 16) {
      const a = v128.load(alpha + x)
      if (!v128.any_true(a)) continue
      const d = v128.load(dst + x)
      let low = i16x8.add(i16x8.mul(i16x8.extend_low_i8x16_u(d), i16x8.sub(c255, i16x8.extend_low_i8x16_u(a))), c128)
      let high = i16x8.add(i16x8.mul(i16x8.extend_high_i8x16_u(d), i16x8.sub(c255, i16x8.extend_high_i8x16_u(a))), c128)
      low = i16x8.shr_u(i16x8.add(low, i16x8.shr_u(low, 8)), 8)
      high = i16x8.shr_u(i16x8.add(high, i16x8.shr_u(high, 8)), 8)
      v128.store(dst + x, i8x16.add_sat_u(v128.load(src + x), i8x16.narrow_i16x8_u(low, high)))
    }
    for (; x < width; x++) {
      const a = <i32>load<u8>(alpha + x)
      if (a === 0) continue
      const under = <i32>load<u8>(dst + x) * (255 - a) + 128
      store<u8>(dst + x, <u8>min(255, <i32>load<u8>(src + x) + ((under + (under >> 8)) >> 8)))
    }
    dst += dstStride
    src += srcStride
    alpha += alphaStride
  }
}

/**
 * Turns `count` straight RGBA pixels into planes of BT.709 limited range with one sample a pixel,
 * premultiplied by alpha (offsets included). Answers the smallest alpha seen.
 */
export function rgbaToYuva(rgba: usize, count: i32, y: usize, u: usize, v: usize, a: usize): i32 {
  let least = 255
  for (let i = 0; i < count; i++) {
    const pixel = load<u32>(rgba + (<usize>i << 2))
    const r = <i32>(pixel & 255)
    const g = <i32>((pixel >> 8) & 255)
    const b = <i32>((pixel >> 16) & 255)
    const alpha = <i32>(pixel >>> 24)
    if (alpha < least) least = alpha
    store<u8>(y + i, premultiplied(11966 * r + 40254 * g + 4064 * b + (16 << 16), alpha))
    store<u8>(u + i, premultiplied(-6596 * r - 22189 * g + 28784 * b + (128 << 16), alpha))
    store<u8>(v + i, premultiplied(28784 * r - 26145 * g - 2639 * b + (128 << 16), alpha))
    store<u8>(a + i, <u8>alpha)
  }
  return least
}

/** A 16.16 value times alpha / 255, rounded. */
// @ts-ignore: decorator
@inline
function premultiplied(value: i32, alpha: i32): u8 {
  return <u8>(((value >> 8) * alpha + 32640) / 65280)
}

/**
 * Makes a chroma plane on the canvas' grid from a plane of a picture of `width` x `height` luma
 * pixels whose top left pixel lies at an odd column (`oddX`) or row (`oddY`) of the canvas.
 * `shift` is 0 for a source with one sample a pixel, 1 for one with a sample for 2 x 2. Each result
 * is the mean over its four pixels, those outside the picture counting as 0.
 */
export function gatherChroma(
  dst: usize, dstStride: usize, src: usize, srcStride: usize, shift: i32, width: i32, height: i32, oddX: i32, oddY: i32,
): void {
  const columns = (oddX + width + 1) >> 1
  const rows = (oddY + height + 1) >> 1
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 2
      for (let part = 0; part < 4; part++) {
        const x = 2 * column + (part & 1) - oddX
        const y = 2 * row + (part >> 1) - oddY
        if (x < 0 || y < 0 || x >= width || y >= height) continue
        sum += <i32>load<u8>(src + <usize>(y >> shift) * srcStride + <usize>(x >> shift))
      }
      store<u8>(dst + <usize>row * dstStride + <usize>column, <u8>(sum >> 2))
    }
  }
}

/** 1/64 of `value` (a chroma difference times 64) times `factor` in 1/32768, rounded to whole steps. */
// @ts-ignore: decorator
@inline
function part(value: v128, factor: i16): v128 {
  return i16x8.q15mulr_sat_s(value, i16x8.splat(factor))
}

/**
 * Turns a limited-range BT.601 picture into BT.709 in place. Works in steps of 16 luma pixels:
 * rows must have that much room behind them.
 */
export function bt601ToBt709(y: usize, yStride: usize, u: usize, v: usize, chromaStride: usize, width: i32, height: i32): void {
  const c128 = i16x8.splat(128)
  const half = i16x8.splat(32)
  for (let row = 0; row < height; row += 2) {
    const top = y + <usize>row * yStride
    const bottom = row + 1 < height ? top + yStride : top
    const us = u + <usize>(row >> 1) * chromaStride
    const vs = v + <usize>(row >> 1) * chromaStride
    for (let x = 0; x < width; x += 16) {
      const atU = us + (x >> 1)
      const atV = vs + (x >> 1)
      const cb = i16x8.sub(v128.load8x8_u(atU), c128)
      const cr = i16x8.sub(v128.load8x8_u(atV), c128)
      const cb64 = i16x8.shl(cb, 6)
      const cr64 = i16x8.shl(cr, 6)
      const toY = rounded(i16x8.add(part(cb64, -3786), part(cr64, -6814)), half)
      const toU = rounded(i16x8.add(part(cb64, 611), part(cr64, 3756)), half)
      const toV = rounded(i16x8.add(part(cb64, 2459), part(cr64, 830)), half)
      const newU = i16x8.add(i16x8.add(cb, toU), c128)
      const newV = i16x8.add(i16x8.add(cr, toV), c128)
      v128.store64_lane(atU, i8x16.narrow_i16x8_u(newU, newU), 0)
      v128.store64_lane(atV, i8x16.narrow_i16x8_u(newV, newV), 0)
      const left = i16x8.shuffle(toY, toY, 0, 0, 1, 1, 2, 2, 3, 3)
      const right = i16x8.shuffle(toY, toY, 4, 4, 5, 5, 6, 6, 7, 7)
      addLuma(top + x, left, right)
      if (bottom !== top) addLuma(bottom + x, left, right)
    }
  }
}

// @ts-ignore: decorator
@inline
function rounded(value: v128, half: v128): v128 {
  return i16x8.shr_s(i16x8.add(value, half), 6)
}

// @ts-ignore: decorator
@inline
function addLuma(at: usize, left: v128, right: v128): void {
  const luma = v128.load(at)
  v128.store(
    at,
    i8x16.narrow_i16x8_u(i16x8.add(i16x8.extend_low_i8x16_u(luma), left), i16x8.add(i16x8.extend_high_i8x16_u(luma), right)),
  )
}
