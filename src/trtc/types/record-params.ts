// McuRecordParams and the storage types below it.
import { z } from 'zod'
import { array, choice, integer, matching, object, text } from './values.ts'

const name = (maxLength: number) =>
  matching(new RegExp(`^[A-Za-z0-9_-]{0,${maxLength}}$`), `must be at most ${maxLength} characters out of A-Z a-z 0-9 _ -`)

/** Joins the recordings of several tasks. */
export const recordKey = () => name(128)

const cloudStorage = object({
  Vendor: choice(0, 1),
  Region: text(),
  Bucket: text(),
  AccessKey: text(),
  SecretKey: text(),
  FileNamePrefix: array(matching(/^[A-Za-z0-9_-]*$/, 'must consist of A-Z a-z 0-9 _ -')).optional(),
})

const unsigned = () => integer(0, 4294967295)

const tencentVod = object({
  Procedure: text().optional(),
  ExpireTime: unsigned().optional(),
  StorageRegion: text().optional(),
  ClassId: unsigned().optional(),
  SubAppId: unsigned().optional(),
  SessionContext: text().optional(),
  SourceContext: text().optional(),
})

const storageParams = object({
  CloudStorage: cloudStorage.optional(),
  McuCloudVod: object({ McuTencentVod: tencentVod.optional() }).optional(),
})

/** Spec section 12. `UniRecord` 1 does not record, 2 records by template, 3 by the values given here. */
export const recordParams = object({
  UniRecord: choice(1, 2, 3).optional(),
  RecordKey: recordKey().optional(),
  RecordWaitTime: integer(5, 86400).optional(),
  RecordFormat: array(z.enum(['hls', 'mp4', 'aac'], 'must be one of hls, mp4, aac')).optional(),
  MaxMediaFileDuration: integer(1, 1440).optional(),
  StreamType: choice(0, 1, 2).optional(),
  UserDefineRecordPrefix: name(64).optional(),
  McuStorageParams: storageParams.optional(),
})

export type RecordParams = z.output<typeof recordParams>
