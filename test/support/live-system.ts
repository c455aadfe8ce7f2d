// A whole server on loopback for tests and benches: its own data directory, free ports, participants and a client.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRelayClient, type RelayClient } from '../../src/client/relay-client.ts'
import { configSchema, type Config } from '../../src/config.ts'
import { SyntheticParticipant, type SyntheticParticipantOptions } from '../../src/demo/synthetic-participant.ts'
import { createLogger } from '../../src/log.ts'
import { startServer, type RunningServer } from '../../src/server/server.ts'
import { createUserSig } from '../../src/trtc/user-sig.ts'
import { freePort } from './free-port.ts'

/** The room of the vendor's examples. */
export const ROOM_ID = '295066'

export interface LiveSystem {
  readonly server: RunningServer
  readonly client: RelayClient
  readonly sdkAppId: number
  userSig(userId: string): string
  whipUrl(userId: string, roomId?: string): string
  whepUrl(userId: string, roomId?: string): string
  /** Publishes by real WebRTC; resolves once media flows. */
  join(userId: string, options?: Partial<SyntheticParticipantOptions>): Promise<SyntheticParticipant>
  /** Closes the server and starts another on the same data directory and ports. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** Starts a server without its embedded origin unless `settings` ask for it. */
export async function startLiveSystem(settings: Partial<Config> = {}): Promise<LiveSystem> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tributary-live-'))
  const config = configSchema.parse({
    bindAddress: '127.0.0.1',
    httpPort: await freePort(),
    rtmpPort: await freePort(),
    rtcPort: await freePort(),
    origin: false,
    dataDir,
    capacity: 100,
    allowPrivatePictureAddresses: true,
    logLevel: process.env['TRIBUTARY_LOG_LEVEL'] ?? 'silent',
    ...settings,
  })
  const log = createLogger('server', config.logLevel)
  let server = await startServer(config, log)
  const { secretId, secretKey, sdkAppId, sdkSecretKey } = server.credentials
  const participants: SyntheticParticipant[] = []
  const userSig = (userId: string): string => createUserSig({ sdkAppId, userId, key: sdkSecretKey }, Math.floor(Date.now() / 1000), 86_400)
  const address = (userId: string, roomId: string, verb: string): string =>
    `${server.httpUrl}/apps/${sdkAppId}/rooms/${roomId}/users/${userId}/${verb}`
  const whipUrl = (userId: string, roomId = ROOM_ID): string => address(userId, roomId, 'whip')

  return {
    get server() {
      return server
    },
    client: createRelayClient({ endpoint: server.httpUrl, secretId, secretKey }),
    sdkAppId,
    userSig,
    whipUrl,
    whepUrl: (userId, roomId = ROOM_ID) => address(userId, roomId, 'whep'),
    async join(userId, options = {}) {
      const participant = new SyntheticParticipant({
        whipUrl: whipUrl(userId),
        userSig: userSig(userId),
        codec: 'h264',
        widthPx: 640,
        heightPx: 360,
        fps: 15,
        bitRateKbps: 600,
        color: 0x1f5fa8,
        name: userId,
        toneHz: 440,
        log,
        ...options,
      })
      participants.push(participant)
      await participant.start()
      return participant
    },
    async restart() {
      await server.close()
      server = await startServer(config, log)
    },
    async close() {
      await Promise.all(participants.map((participant) => participant.close()))
      await server.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
