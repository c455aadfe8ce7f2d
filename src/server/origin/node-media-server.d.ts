// The few parts of node-media-server (which has no types) that the origin is made of.

declare module 'node-media-server/src/core/logger.js' {
  const logger: { log(message: string, level?: string): void }
  export default logger
}

declare module 'node-media-server/src/core/context.js' {
  import type { EventEmitter } from 'node:events'
  import type Broadcast from 'node-media-server/src/server/broadcast_server.js'

  const context: {
    config: { bind?: string; rtmp?: { port: number }; auth?: { play?: boolean; publish?: boolean } }
    broadcasts: Map<string, Broadcast>
    eventEmitter: EventEmitter
  }
  export default context
}

declare module 'node-media-server/src/server/broadcast_server.js' {
  /** What a broadcast needs to know of a player. */
  export interface Player {
    readonly id: string
    /** Empty: a player inside this process. */
    readonly ip: string
    readonly protocol: 'flv'
    endTime: number
    sendBuffer(buffer: Buffer): void
  }

  export default class Broadcast {
    constructor(streamPath: string)
    publishGraceMs: number
    postPlay(player: Player): string | null
    donePlay(player: Player): void
  }
}

declare module 'node-media-server/src/server/rtmp_server.js' {
  import type { Server } from 'node:net'

  export default class RtmpServer {
    readonly tcpServer?: Server
    stop(): void
  }
}
