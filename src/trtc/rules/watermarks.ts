// Rules between the values of McuWaterMarkParams (spec section 7, rule 25).
import { missingParameter } from '../parameter-error.ts'
import type { WaterMarkParams } from '../types/water-mark-params.ts'

const blocks = { 0: 'WaterMarkImage', 1: 'WaterMarkText' } as const

/** @throws {TrtcError} `MissingParameter` when a watermark comes without the block of its type */
export function checkWatermarks(watermarks: readonly WaterMarkParams[], path: string): void {
  watermarks.forEach((watermark, index) => {
    const type = watermark.WaterMarkType ?? 0
    if (watermark[blocks[type]] === undefined) throw missingParameter(`${path}.${index}.${blocks[type]}`, `WaterMarkType is ${type}`)
  })
}
