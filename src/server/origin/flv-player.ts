// One reader of a stream at the origin, as a web stream of FLV.
import { randomUUID } from 'node:crypto'
import type Broadcast from 'node-media-server/src/server/broadcast_server.js'
import type { Player } from 'node-media-server/src/server/broadcast_server.js'

const mostUnreadBytes = 8_000_000

/**
 * FLV header, sequence headers and the packets since the last key frame, then packets as they come.
 * Bounded: a reader with more than 8 MB unread is ended rather than given a stream with holes.
 */
export function flvPlayer(broadcast: Broadcast): ReadableStream<Uint8Array> {
  let player: Player
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        player = {
          id: randomUUID(),
          ip: '',
          protocol: 'flv',
          endTime: 0,
          sendBuffer(buffer) {
            // The same buffer goes to every reader and a reader may transfer it: each gets its own.
            controller.enqueue(Uint8Array.from(buffer))
            if ((controller.desiredSize ?? 0) > 0) return
            broadcast.donePlay(player)
            controller.close()
          },
        }
        broadcast.postPlay(player)
      },
      cancel: () => broadcast.donePlay(player),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: mostUnreadBytes }),
  )
}
