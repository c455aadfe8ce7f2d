// The rooms process: WebRTC sessions, rooms and the feed server, called by the server over the fork channel.
import { serveParent } from '../supervise/child-process.ts'
import { persistentCertificate } from './certificate.ts'
import { FeedServer } from './feed-server.ts'
import type { RoomsCalls, RoomsEvents, RoomsSettings } from './ipc.ts'
import { Rooms } from './rooms.ts'
import { createTransportFactory } from './transport.ts'

const TICK_MS = 10

/** Serves until the channel to the server closes. */
export function runRooms(): void {
  const started = Promise.withResolvers<{ rooms: Rooms; feeds: FeedServer }>()
  const now = (): number => performance.now()
  // Before `start` all other calls wait.
  const withRooms = async <Result>(use: (rooms: Rooms, feeds: FeedServer) => Result): Promise<Awaited<Result>> => {
    const { rooms, feeds } = await started.promise
    return await use(rooms, feeds)
  }
  const parent = serveParent<RoomsCalls, RoomsEvents>({
    async start(settings: RoomsSettings) {
      const certificate = persistentCertificate(settings.certificateDirectory, Date.now())
      const createTransport = await createTransportFactory({ ...settings, certificate })
      const rooms = new Rooms({ createTransport, now, unixMs: Date.now, announce: (event) => void parent.roomEvent.asEvent(event) })
      const authorize: RoomsEvents['authorizeRobot'] = (robot, userSig) => parent.authorizeRobot(robot, userSig)
      const feeds = await FeedServer.listen({ address: settings.feedAddress, rooms, authorize, now })
      setInterval(() => {
        const nowMs = now()
        rooms.tick(nowMs)
        feeds.tick(nowMs)
      }, TICK_MS)
      started.resolve({ rooms, feeds })
    },
    publish: (user, source, offerSdp, grants) => withRooms((rooms) => rooms.publish(user, source, offerSdp, grants)),
    play: (publisher, source, offerSdp, grants) => withRooms((rooms) => rooms.play(publisher, source, offerSdp, grants)),
    trickle: (sessionId, fragment) => withRooms((rooms) => rooms.trickle(sessionId, fragment)),
    close: (sessionId) => withRooms((rooms) => rooms.close(sessionId)),
    removeUser: (user) => withRooms((rooms) => rooms.removeUser(user)),
    dismissRoom: (room) => withRooms((rooms) => rooms.dismissRoom(room)),
    setBlocked: (user, blocked) => withRooms((rooms) => rooms.setBlocked(user, blocked)),
    list: () => withRooms((rooms) => rooms.list()),
    stats: () =>
      withRooms((rooms, feeds) => {
        const { user, system } = process.cpuUsage()
        return {
          ...rooms.counters,
          publishers: rooms.publisherCount,
          subscribers: rooms.subscriberCount,
          feeds: feeds.connectionCount,
          cpuSec: (user + system) / 1e6,
          rssBytes: process.memoryUsage.rss(),
        }
      }),
  })
  void parent.ready.asEvent()
}
