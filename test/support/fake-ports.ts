// What handlers stand on, faked in one place: a new port gets its fake here, and every test of the gateway has it.
import type { HandlerPorts } from '../../src/server/handlers/handler.ts'
import { FakeTasks } from './fake-tasks.ts'

/** The one application of tests, unless they bring their own. */
export const testApplication = { sdkAppId: 1400188366, key: 'APPKEY' }

/** Ports over nothing but memory. @param ports those a test brings itself */
export function fakePorts(ports: Partial<HandlerPorts> = {}): HandlerPorts {
  return {
    tasks: new FakeTasks(),
    applications: {
      findApplication: async (id) => (id === testApplication.sdkAppId ? { userSigKey: testApplication.key } : null),
    },
    usage: { mixed: async () => [], sent: async () => [] },
    rooms: () => ({ removeUser: async () => 'no-room', dismissRoom: async () => false, setBlocked: async () => 'no-room' }),
    roomHistory: {
      rooms: async () => ({ total: 0, rooms: [] }),
      stays: async () => ({ total: 0, roomName: '', stays: [] }),
    },
    mixes: { latestStats: () => null, pictureFailures: () => [], snapshot: async () => null, streamPicture: async () => null },
    participantsOf: async () => [],
    fetchPicture: async () => Promise.reject(new Error('There is no picture.')),
    allowRtmps: false,
    now: Date.now,
    ...ports,
  }
}
