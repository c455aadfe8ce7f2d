// What kind of device and software a participant's user agent tells of.

export interface ClientDevice {
  /** `Windows`, `macOS`, `Linux`, `Android`, `iOS` or empty. */
  readonly device: string
  /** Name and version of the software, as in `Chrome/120.0.0.0`; empty without a user agent. */
  readonly software: string
}

/** In order: Android names Linux as well, iPads name macOS. */
const devices: readonly (readonly [RegExp, string])[] = [
  [/Android/, 'Android'],
  [/iPhone|iPad|iPod|\biOS\b/, 'iOS'],
  [/Windows/i, 'Windows'],
  [/Mac ?OS|Macintosh|\bDarwin\b/i, 'macOS'],
  [/Linux|X11/i, 'Linux'],
]

/** The product behind those a client only claims to be like. */
const products = /\b(?:OBS-Studio|Firefox|HeadlessChrome|Chrome)\/[\d.]+/
const safari = /\bVersion\/([\d.]+).*\bSafari\//

const MAX_LENGTH = 64

export function clientDevice(userAgent: string | null): ClientDevice {
  const text = userAgent ?? ''
  const device = devices.find(([pattern]) => pattern.test(text))?.[1] ?? ''
  const safariVersion = safari.exec(text)?.[1]
  // Edge and Opera name Chrome first and themselves last.
  const software =
    /\b(?:Edg|OPR)\/[\d.]+/.exec(text)?.[0] ??
    products.exec(text)?.[0] ??
    (safariVersion === undefined ? text.split(' ')[0]! : `Safari/${safariVersion}`)
  return { device, software: software.slice(0, MAX_LENGTH) }
}
