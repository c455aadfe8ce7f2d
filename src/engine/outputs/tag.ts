// One packet in the form every output sends, made once and shared by all of them.
import type { FlvHeaders } from './flv.ts'

export interface Tag {
  readonly kind: 'video' | 'audio'
  /** FLV tag body. */
  readonly body: Buffer
  /** Whole milliseconds since the task's first start; never falls from one tag to the next. */
  readonly timestampMs: number
  /** Whether a receiver may start here. */
  readonly isStart: boolean
  /** Counts the tags of a hub, so that what was left out can be counted. */
  readonly index: number
  /** The headers this tag is to be read with. */
  readonly headers: FlvHeaders
}
