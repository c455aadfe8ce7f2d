// What the rooms process shows.
import type { RoomsStats } from '../../rooms/ipc.ts'
import type { Figure } from './figure.ts'

export const roomsFigures: readonly Figure<RoomsStats>[] = [
  {
    kind: 'counter',
    name: 'tributary_rooms_packets_received_total',
    help: 'RTP packets from publishers',
    read: (stats) => stats.packetsReceived,
  },
  {
    kind: 'counter',
    name: 'tributary_rooms_packets_forwarded_total',
    help: 'RTP packets to subscribers',
    read: (stats) => stats.packetsForwarded,
  },
  {
    kind: 'counter',
    name: 'tributary_rooms_packets_to_feeds_total',
    help: 'RTP packets to engines',
    read: (stats) => stats.packetsToFeeds,
  },
  {
    kind: 'counter',
    name: 'tributary_rooms_feed_packets_dropped_total',
    help: 'RTP packets an engine was too slow for',
    read: (stats) => stats.feedPacketsDropped,
  },
  { kind: 'counter', name: 'tributary_rooms_packets_lost_total', help: 'RTP packets that never came', read: (stats) => stats.packetsLost },
  {
    kind: 'counter',
    name: 'tributary_rooms_nacks_sent_total',
    help: 'Requests for packets, to publishers',
    read: (stats) => stats.nacksSent,
  },
  {
    kind: 'counter',
    name: 'tributary_rooms_nacks_received_total',
    help: 'Requests for packets, from subscribers',
    read: (stats) => stats.nacksReceived,
  },
  { kind: 'counter', name: 'tributary_rooms_retransmitted_total', help: 'Packets sent again', read: (stats) => stats.retransmitted },
  {
    kind: 'counter',
    name: 'tributary_rooms_key_frame_requests_total',
    help: 'Key frames asked of publishers',
    read: (stats) => stats.keyFrameRequests,
  },
  { kind: 'gauge', name: 'tributary_rooms_publishers', help: 'Sessions that publish', read: (stats) => stats.publishers },
  { kind: 'gauge', name: 'tributary_rooms_subscribers', help: 'Sessions that play', read: (stats) => stats.subscribers },
  { kind: 'gauge', name: 'tributary_rooms_feeds', help: 'Engines connected', read: (stats) => stats.feeds },
  { kind: 'counter', name: 'tributary_rooms_cpu_seconds_total', help: 'CPU of the rooms process', read: (stats) => stats.cpuSec },
  { kind: 'gauge', name: 'tributary_rooms_resident_memory_bytes', help: 'Memory of the rooms process', read: (stats) => stats.rssBytes },
]
