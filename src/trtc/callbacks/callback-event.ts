// One event as callbacks tell it (relay-api 14): the groups, and the body that every try is made of.

/** 1 rooms, 2 media, 4 relay to CDN; 3 (recording) does not occur yet. */
export type EventGroup = 1 | 2 | 4

export interface CallbackEvent {
  readonly group: EventGroup
  readonly type: number
  /** `EventInfo`, its members in the vendor's order. */
  readonly info: object
}

/**
 * The JSON text of one try.
 * @param info JSON of `EventInfo`
 * @param sentAt Unix ms of this try
 */
export const callbackBody = (group: number, type: number, info: string, sentAt: number): string =>
  `{"EventGroupId":${group},"EventType":${type},"CallbackTs":${sentAt},"EventInfo":${info}}`
