// The HTTP face of a server: which routes there are, and what each stands on.
import { Hono } from 'hono'
import type { Config } from '../config.ts'
import type { PictureCache } from '../fleet/pictures/picture-cache.ts'
import type { Worker } from '../fleet/worker.ts'
import type { Logger } from '../log.ts'
import type { Store } from '../store/store.ts'
import { claimedUserId, createUserSig } from '../trtc/user-sig.ts'
import type { Accounts } from './accounts/accounts.ts'
import type { BuiltInAccount } from './accounts/built-in-account.ts'
import { createConsole } from './console/console-routes.ts'
import { createGateway } from './gateway/gateway.ts'
import { createRateLimits } from './gateway/rate-limits.ts'
import { createHandlers } from './handlers/handlers.ts'
import { createMetrics } from './metrics/metrics.ts'
import { createMetricsRoutes } from './metrics/metrics-routes.ts'
import { createOpenApiRoutes } from './openapi/openapi-routes.ts'
import type { Origin } from './origin/origin.ts'
import type { RoomsHistory } from './rooms-history/rooms-history.ts'
import { createAdmission } from './rtc/admission.ts'
import { participantsOf } from './rtc/participants-of.ts'
import type { RoomsSupervisor } from './rtc/rooms-process.ts'
import { createRtcRoutes } from './rtc/rtc-routes.ts'
import type { Secrets } from './secrets.ts'
import type { Tasks } from './tasks/tasks.ts'
import type { UsageMeter } from './usage/usage-meter.ts'
import { createUsage } from './usage/usage.ts'

/** The parts of a running server that requests reach. */
export interface AppParts {
  readonly config: Config
  readonly consoleToken: Secrets['consoleToken']
  readonly credentials: BuiltInAccount
  readonly store: Store
  readonly accounts: Accounts
  readonly rooms: RoomsSupervisor
  readonly roomsHistory: RoomsHistory
  readonly pictures: PictureCache
  readonly worker: Worker
  readonly meter: UsageMeter
  readonly tasks: Tasks
  /** `null`: switched off. */
  readonly origin: Origin | null
  /** Unix milliseconds. */
  readonly now: () => number
  readonly log: Logger
}

/** All routes: health and metrics, WebRTC signalling, the console, and the API at the root. */
export function createApp(parts: AppParts): Hono {
  const { rooms, store, tasks, worker } = parts
  const metrics = createMetrics({
    worker,
    tasks,
    rooms: async () => (rooms.isUp ? rooms.calls.stats() : null),
    callbacks: store.callbacks,
  })
  const app = new Hono()
  app.get('/healthz', (context) => context.text('ok'))
  app.get('/readyz', (context) => (rooms.isUp ? context.text('ready') : context.text('The rooms process is starting.', 503)))
  app.route('/', createMetricsRoutes(metrics))
  app.route('/', createOpenApiRoutes())
  app.route('/', rtcRoutes(parts))
  app.route('/', consoleRoutes(parts))
  app.route(
    '/',
    createGateway({
      credentials: parts.accounts,
      rateLimits: createRateLimits({ factor: parts.config.rateLimitFactor, overrides: parts.config.rateLimits }),
      handlers: createHandlers({
        tasks,
        applications: parts.accounts,
        usage: createUsage(store.usage, parts.meter),
        rooms: () => rooms.calls,
        roomHistory: store.roomHistory,
        mixes: worker,
        participantsOf: participantsOf(() => rooms.calls),
        fetchPicture: (url, signal) => parts.pictures.get(url, signal),
        allowRtmps: parts.config.allowRtmps,
        now: parts.now,
      }),
      regions: parts.config.regions,
      now: parts.now,
      log: parts.log.child({ part: 'gateway' }),
      countRequest: metrics.countRequest,
    }),
  )
  return app
}

const rtcRoutes = ({ rooms, roomsHistory, accounts, now }: AppParts): Hono =>
  createRtcRoutes({
    rooms: () => rooms.calls,
    verify: createAdmission({ verify: accounts.verify, findApplication: accounts.findApplication, now }),
    userIdOf: claimedUserId,
    arriving: (user, client) => roomsHistory.arriving(user, client),
    events: (listener) => rooms.listen(listener),
  })

const consoleRoutes = ({ consoleToken, credentials, tasks, worker, rooms, origin, now }: AppParts): Hono =>
  createConsole({
    token: consoleToken,
    sdkAppId: credentials.sdkAppId,
    tasks,
    latestStats: (taskId) => worker.latestStats(taskId),
    listRooms: () => rooms.calls.list(),
    origin,
    issueUserSig: (userId, lifetimeSec) =>
      createUserSig({ sdkAppId: credentials.sdkAppId, userId, key: credentials.sdkSecretKey }, Math.floor(now() / 1000), lifetimeSec),
  })
