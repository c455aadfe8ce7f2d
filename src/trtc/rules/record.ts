// Rules between the values of McuRecordParams (spec section 7, rules 30 to 33).
import { invalidParameter, missingParameter } from '../parameter-error.ts'
import type { RecordParams } from '../types/record-params.ts'

/** @throws {TrtcError} `InvalidParameter` or `MissingParameter` */
export function checkRecord(record: RecordParams): void {
  const { UniRecord: mode, RecordFormat: formats = [], McuStorageParams: storage } = record
  if (mode === undefined) throw invalidParameter('RecordParams.UniRecord', mode, 'must be one of 1, 2, 3')
  if (formats.includes('mp4') && formats.includes('aac')) {
    throw invalidParameter('RecordParams.RecordFormat', formats, 'must not hold both mp4 and aac')
  }
  if (mode !== 3) return
  const kinds = [storage?.CloudStorage, storage?.McuCloudVod].filter((kind) => kind !== undefined).length
  if (kinds === 0) throw missingParameter('RecordParams.McuStorageParams', 'UniRecord 3 needs CloudStorage or McuCloudVod')
  if (kinds === 2) throw invalidParameter('RecordParams.McuStorageParams', storage, 'must hold CloudStorage or McuCloudVod, not both')
}
