// What the rooms process counts, over all sessions since its start.

const names = [
  'packetsReceived',
  'packetsForwarded',
  'packetsToFeeds',
  'nacksSent',
  'nacksReceived',
  'retransmitted',
  'keyFrameRequests',
  'packetsLost',
  'feedPacketsDropped',
] as const

/** Counted up in place by whoever sees the thing happen. */
export type Counters = Record<(typeof names)[number], number>

export const newCounters = (): Counters => Object.fromEntries(names.map((name) => [name, 0])) as Counters
