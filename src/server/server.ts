// The composition root: every part of a running server, built and joined.
import type { AddressInfo } from 'node:net'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { serve as listen, type ServerType } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Config } from '../config.ts'
import type { EngineStats } from '../engine/ipc.ts'
import { fetchPicture } from '../fleet/pictures/fetch-picture.ts'
import { PictureCache } from '../fleet/pictures/picture-cache.ts'
import { systemTimers } from '../fleet/timers.ts'
import { WakeBus } from '../fleet/wake-bus.ts'
import { createWorker, type Worker } from '../fleet/worker.ts'
import type { Logger } from '../log.ts'
import { openStore } from '../store/store.ts'
import { createAccounts } from './accounts/accounts.ts'
import { builtInAccount, type BuiltInAccount } from './accounts/built-in-account.ts'
import { adminAddress } from './admin/admin-address.ts'
import { createAdminCommands } from './admin/admin-commands.ts'
import { startAdminServer } from './admin/admin-server.ts'
import { createApp } from './app.ts'
import { createCallbacks } from './callbacks/callbacks.ts'
import { withBuiltInCallback } from './callbacks/find-callback.ts'
import { startOrigin, type Origin } from './origin/origin.ts'
import { RoomsHistory } from './rooms-history/rooms-history.ts'
import { RoomsSupervisor } from './rtc/rooms-process.ts'
import { loadSecrets } from './secrets.ts'
import { createTasks } from './tasks/create-tasks.ts'
import type { Tasks } from './tasks/tasks.ts'
import { UsageMeter } from './usage/usage-meter.ts'

const PICTURE_CACHE_BYTES = 128 << 20
const PICTURE_MAX_AGE_MS = 10 * 60_000

/** A GET request may hold 32 KB of parameters; Node itself would refuse headers above 16 KB. */
const MAX_HEADER_BYTES = 64 * 1024

export interface RunningServer {
  readonly config: Config
  /** The key and application of the settings. */
  readonly credentials: BuiltInAccount
  /** Secrets that this start made and settings do not replace; to be shown once. */
  readonly madeSecrets: readonly string[]
  /** On this machine, without a slash at the end. */
  readonly httpUrl: string
  /** Opens the console: holds its token. */
  readonly consoleUrl: string
  readonly tasks: Tasks
  readonly worker: Worker
  readonly rooms: RoomsSupervisor
  /** `null`: switched off. */
  readonly origin: Origin | null
  latestStats(taskId: string): EngineStats | null
  /** Ends everything; tasks that run go on with the next start. Idempotent. */
  close(): Promise<void>
}

/** Starts a server; rejects when a port or the database cannot be had. */
export async function startServer(config: Config, log: Logger): Promise<RunningServer> {
  const dataDir = resolve(config.dataDir)
  const { secrets, made } = loadSecrets(dataDir, config.masterKey)
  const credentials = builtInAccount(config, secrets)
  const closers: (() => Promise<void> | void)[] = []
  const close = async (): Promise<void> => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer()
  }
  try {
    return await build()
  } catch (error) {
    await close()
    throw error
  }

  async function build(): Promise<RunningServer> {
    const store = await openStore(join(dataDir, 'tributary.sqlite'), Date.now, secrets.masterKey)
    closers.push(() => store.close())
    const now = Date.now
    const feedAddress = join(dataDir, 'feed.sock')

    const accounts = createAccounts({ store, builtIn: credentials, maxTasks: config.maxTasks, now })
    const callbacks = createCallbacks({
      store,
      findCallback: withBuiltInCallback(accounts.findCallback, config),
      allowPrivateAddresses: config.allowPrivateCallbackAddresses,
      retryHours: config.callbackRetryHours,
      log: log.child({ part: 'callbacks' }),
    })
    closers.push(() => callbacks.close())

    const roomsHistory = new RoomsHistory({ store: store.roomHistory, timers: systemTimers, log: log.child({ part: 'history' }) })
    closers.push(() => roomsHistory.close())
    const rooms = new RoomsSupervisor({
      settings: {
        rtcPort: config.rtcPort,
        bindAddress: config.bindAddress,
        advertisedAddresses: config.advertisedAddresses,
        feedAddress,
        certificateDirectory: dataDir,
      },
      authorizeRobot: accounts.verify,
      log: log.child({ part: 'rooms' }),
    })
    closers.push(() => rooms.close())
    rooms.listen(callbacks.rooms)
    rooms.listen(roomsHistory)

    const pictures = new PictureCache({
      fetchPicture: (url, signal) => fetchPicture(url, { allowPrivateAddresses: config.allowPrivatePictureAddresses, signal }),
      maxBytes: PICTURE_CACHE_BYTES,
      maxAgeMs: PICTURE_MAX_AGE_MS,
      now: () => performance.now(),
    })
    closers.push(() => pictures.close())

    const bus = new WakeBus()
    const worker = createWorker({
      store,
      workerId: secrets.workerId,
      capacity: config.capacity ?? availableParallelism(),
      feedAddress: () => feedAddress,
      engineSettings: { encoderThreads: config.encoderThreads },
      fetchPicture: (url, signal) => pictures.get(url, signal),
      bus,
      outputs: callbacks.outputs,
      log: log.child({ part: 'worker' }),
    })
    closers.push(() => worker.close())
    const meter = new UsageMeter({
      mixing: () => worker.mixing(),
      store: store.usage,
      timers: systemTimers,
      log: log.child({ part: 'usage' }),
    })
    // Before the worker's end, which ends the engines: their last seconds count.
    closers.push(() => meter.close())
    const tasks = createTasks({
      store,
      wake: bus.wake,
      now,
      maxTasksOf: async (appId) => (await accounts.findApplication(appId))?.maxTasks ?? 0,
      log: log.child({ part: 'tasks' }),
    })

    const origin = config.origin
      ? await startOrigin({ bindAddress: config.bindAddress, rtmpPort: config.rtmpPort, log: log.child({ part: 'origin' }) })
      : null
    closers.push(() => origin?.close())

    const app = createApp({
      config,
      consoleToken: secrets.consoleToken,
      credentials,
      store,
      accounts,
      rooms,
      roomsHistory,
      pictures,
      worker,
      meter,
      tasks,
      origin,
      now,
      log,
    })
    const admin = await startAdminServer({
      address: adminAddress(dataDir),
      commands: createAdminCommands({ store, accounts, builtIn: credentials, now }),
      log: log.child({ part: 'admin' }),
    })
    closers.push(() => admin.close())
    callbacks.start()
    await roomsHistory.start()
    await rooms.start()
    await worker.start()
    const { server, port } = await listenOn(app, config)
    closers.push(() => closeServer(server))
    const httpUrl = `http://${reachable(config.bindAddress)}:${port}`
    return {
      config,
      credentials,
      madeSecrets: made.filter((name) => !(name in config && config[name as keyof Config] !== undefined)),
      httpUrl,
      consoleUrl: `${httpUrl}/console/?token=${secrets.consoleToken}`,
      tasks,
      worker,
      rooms,
      origin,
      latestStats: (taskId) => worker.latestStats(taskId),
      close,
    }
  }
}

/** Where a process of this machine reaches a server bound to `bindAddress`. */
const reachable = (bindAddress: string): string => (bindAddress === '0.0.0.0' || bindAddress === '::' ? '127.0.0.1' : bindAddress)

function listenOn(app: Hono, { bindAddress, httpPort }: Config): Promise<{ server: ServerType; port: number }> {
  return new Promise((resolveListening, reject) => {
    const options = { fetch: app.fetch, hostname: bindAddress, port: httpPort, serverOptions: { maxHeaderSize: MAX_HEADER_BYTES } }
    const server = listen(options, ({ port }: AddressInfo) => resolveListening({ server, port }))
    server.once('error', reject)
  })
}

/** Also ends connections that never would by themselves: events, live pictures. */
function closeServer(server: ServerType): Promise<void> {
  return new Promise((resolveClosed) => {
    server.close(() => resolveClosed())
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
}
