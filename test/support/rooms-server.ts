// A rooms process with its HTTP signalling on ephemeral ports of 127.0.0.1, as the server wires it.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve, type ServerType } from '@hono/node-server'
import type { UserRef } from '../../src/mix/room.ts'
import { createLogger } from '../../src/log.ts'
import { RoomsSupervisor } from '../../src/server/rtc/rooms-process.ts'
import { createRtcRoutes } from '../../src/server/rtc/rtc-routes.ts'

export interface RoomsServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** Path of the feed socket. */
  readonly feedAddress: string
  /** The UDP port of all media. */
  readonly rtcPort: number
  readonly supervisor: RoomsSupervisor
  /** Where a user publishes (`whip`) or is played (`whep`) in number room `room` of application 1. */
  address(room: number, userId: string, protocol: 'whip' | 'whep', source?: 'camera' | 'screen'): string
  close(): Promise<void>
}

/** What stands for a UserSig in tests of rooms. */
export const testUserSig = (userId: string): string => `sig.${userId}`

const verify = (user: UserRef, userSig: string): { ok: true } | { ok: false; reason: string } =>
  userSig === testUserSig(user.userId) ? { ok: true } : { ok: false, reason: 'was issued for another user' }

export async function startRoomsServer(): Promise<RoomsServer> {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-rooms-'))
  const feedAddress = join(directory, 'feed.sock')
  const rtcPort = await freeUdpPort()
  const supervisor = new RoomsSupervisor({
    settings: { rtcPort, bindAddress: '127.0.0.1', advertisedAddresses: [], feedAddress, certificateDirectory: directory },
    authorizeRobot: async (robot, userSig) => verify(robot, userSig),
    log: createLogger('test', 'silent'),
  })
  await supervisor.start()
  const routes = createRtcRoutes({
    rooms: () => supervisor.calls,
    verify,
    userIdOf: (userSig) => (userSig.startsWith('sig.') ? userSig.slice(4) : null),
    events: (listener) => supervisor.listen(listener),
  })
  const { server, port } = await new Promise<{ server: ServerType; port: number }>((resolve) => {
    const listening = serve({ fetch: routes.fetch, hostname: '127.0.0.1', port: 0 }, (info) =>
      resolve({ server: listening, port: info.port }),
    )
  })
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    feedAddress,
    rtcPort,
    supervisor,
    address: (room, userId, protocol, source = 'camera') =>
      `${url}/apps/1/rooms/${room}/users/${userId}/${protocol}${source === 'screen' ? '/screen' : ''}`,
    async close() {
      await supervisor.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}
