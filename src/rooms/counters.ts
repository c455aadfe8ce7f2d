// What the rooms process counts, over all sessions since its start.

export class Counters {
  packetsReceived = 0
  packetsForwarded = 0
  packetsToFeeds = 0
  nacksSent = 0
  nacksReceived = 0
  retransmitted = 0
  keyFrameRequests = 0
  packetsLost = 0
  feedPacketsDropped = 0
}
