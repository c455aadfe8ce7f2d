// How loud a voice is, on a scale of 0 to 100. Pure.

const FLOOR_DB = -60
/** The level rises at once and falls by 60 dB in about 0.7 s. */
const FALL_SAMPLES = 2400

export class LevelMeter {
  #power = 0

  /** 0 at -60 dBFS and below, 100 for a sine of full scale. */
  get level(): number {
    const db = 10 * Math.log10(2 * this.#power)
    return Math.round(Math.min(100, Math.max(0, 100 - (100 * db) / FLOOR_DB)))
  }

  get isSilent(): boolean {
    return this.level === 0
  }

  measure(left: Float32Array, right: Float32Array, sampleCount: number): void {
    let sum = 0
    for (let index = 0; index < sampleCount; index++) sum += Math.max(left[index]! ** 2, right[index]! ** 2)
    this.#settle(sum / sampleCount, sampleCount)
  }

  silence(sampleCount: number): void {
    this.#settle(0, sampleCount)
  }

  #settle(power: number, sampleCount: number): void {
    const keep = Math.exp(-sampleCount / FALL_SAMPLES)
    this.#power = Math.max(power, this.#power * keep + power * (1 - keep))
  }
}
