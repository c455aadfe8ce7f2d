// HTTP signalling of WebRTC: WHIP (RFC 9725) to publish, WHEP (draft-ietf-wish-whep) to play, server-sent events of rooms.
import { Hono, type Context, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { streamSSE } from 'hono/streaming'
import { everyGrant, type Grants } from '../../mix/grants.ts'
import { roomKey, type UserRef } from '../../mix/room.ts'
import type { RoomEvent, RoomsCalls, SessionAnswer, SessionRefusal, TrickleResult } from '../../rooms/ipc.ts'
import { ChildDied } from '../../supervise/child-process.ts'
import type { ClientInfo } from '../rooms-history/rooms-history.ts'
import { clientAddress } from './client-address.ts'
import { roomOfPath, sourceOfPath, userIdOfPath } from './addresses.ts'
import { RoomsUnavailable, type RoomsListener } from './rooms-process.ts'
import { RtcProblem } from './rtc-problem.ts'

export interface RtcRoutesOptions {
  /** Throws `RoomsUnavailable` while there is no rooms process. */
  readonly rooms: () => RoomsCalls
  /** Whether a UserSig holds for a user, and for what; `reason` reads on after "UserSig" and holds no part of it. */
  readonly verify: (user: UserRef, userSig: string) => Verdict | Promise<Verdict>
  /** Whom a UserSig claims to speak for, unverified; `null` when it is none. */
  readonly userIdOf: (userSig: string) => string | null
  /** Hears whose client asks to publish; what is returned is called when the answer is there. */
  readonly arriving?: (user: UserRef, client: ClientInfo) => () => void
  /** Where room events come from; returns how to stop. */
  readonly events: (listener: RoomsListener) => () => void
}

/** Without `grants` everything is granted. */
export type Verdict = { readonly ok: true; readonly grants?: Grants } | { readonly ok: false; readonly reason: string }

const MAX_BODY_BYTES = 256 * 1024
const MAX_USER_AGENT = 512
const HEARTBEAT_MS = 15_000
const ROOM = '/apps/:appId/:rooms{rooms|str-rooms}/:room'

/** Routes under `/apps`; to be mounted at the root. */
export function createRtcRoutes(options: RtcRoutesOptions): Hono {
  const app = new Hono()
  app.onError((error, context) => problemAnswer(context, error))
  app.use(
    '/apps/*',
    crossOrigin,
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: () => {
        throw new RtcProblem(413, `A body must be at most ${MAX_BODY_BYTES} bytes.`)
      },
    }),
  )

  for (const suffix of ['', '/screen']) {
    const whip = `${ROOM}/users/:userId/whip${suffix}`
    const whep = `${ROOM}/users/:userId/whep${suffix}`
    app.post(whip, async (context) => {
      const user = userOfPath(context)
      const grants = await authorize(options, context, user)
      const offer = await readBody(context, 'application/sdp')
      const rooms = options.rooms()
      const settled = options.arriving?.(user, { address: clientAddress(context), userAgent: userAgent(context) })
      try {
        return sessionAnswer(context, await rooms.publish(user, sourceOfPath(context.req.path), offer, grants))
      } finally {
        settled?.()
      }
    })
    app.post(whep, async (context) => {
      const publisher = userOfPath(context)
      const grants = await authorizeViewer(options, context, publisher)
      const offer = await readBody(context, 'application/sdp')
      return sessionAnswer(context, await options.rooms().play(publisher, sourceOfPath(context.req.path), offer, grants))
    })
    for (const [path, check] of [
      [whip, authorize],
      [whep, authorizeViewer],
    ] as const) {
      app.patch(`${path}/sessions/:sessionId`, async (context) => {
        await check(options, context, userOfPath(context))
        const fragment = await readBody(context, 'application/trickle-ice-sdpfrag')
        const sessionId = context.req.param('sessionId')
        const match = context.req.header('if-match')
        if (match !== undefined && match !== '*' && match !== entityTag(sessionId))
          throw new RtcProblem(412, `If-Match must be ${entityTag(sessionId)} (got ${match}).`)
        return trickleAnswer(context, sessionId, await options.rooms().trickle(sessionId, fragment))
      })
      app.delete(`${path}/sessions/:sessionId`, async (context) => {
        await check(options, context, userOfPath(context))
        const sessionId = context.req.param('sessionId')
        if (!(await options.rooms().close(sessionId))) throw noSession(sessionId)
        return context.body(null, 200)
      })
      // RFC 9725 section 4.2: other methods on these addresses are refused as such.
      for (const address of [path, `${path}/sessions/:sessionId`])
        app.on(['GET', 'HEAD', 'PUT'], address, (context) => context.body(null, 405))
    }
  }
  app.get(`${ROOM}/events`, (context) => roomEvents(options, context))
  return app
}

/** Browsers of any origin may publish and play: the UserSig is what admits them. */
const crossOrigin: MiddlewareHandler = cors({
  origin: '*',
  allowMethods: ['GET', 'POST', 'PATCH', 'DELETE', 'OPTIONS'],
  allowHeaders: ['Authorization', 'Content-Type', 'If-Match'],
  exposeHeaders: ['Location', 'ETag', 'Retry-After', 'Accept-Patch'],
  maxAge: 86_400,
})

const userAgent = (context: Context): string | null => context.req.header('user-agent')?.slice(0, MAX_USER_AGENT) ?? null

const entityTag = (sessionId: string): string => `"${sessionId}"`

const noSession = (sessionId: string): RtcProblem =>
  new RtcProblem(404, `There is no session ${JSON.stringify(sessionId.slice(0, 80))}; it may have ended.`)

function userOfPath(context: Context): UserRef {
  const parameters = context.req.param() as { appId: string; rooms: string; room: string; userId: string }
  return { room: roomOfPath(parameters), userId: userIdOfPath(parameters.userId) }
}

function bearer(context: Context): string {
  const [scheme, token] = (context.req.header('authorization') ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined || token === '')
    throw new RtcProblem(401, 'Authorization must be "Bearer" and a UserSig.')
  return token
}

async function authorize({ verify }: RtcRoutesOptions, context: Context, user: UserRef, userSig = bearer(context)): Promise<Grants> {
  const check = await verify(user, userSig)
  if (!check.ok) throw new RtcProblem(403, `UserSig of ${user.userId} ${check.reason}.`)
  const { grants = everyGrant } = check
  if (!grants.join) throw new RtcProblem(403, `UserSig of ${user.userId} does not give the privilege to join the room.`)
  return grants
}

async function authorizeViewer(options: RtcRoutesOptions, context: Context, { room }: UserRef): Promise<Grants> {
  const userSig = bearer(context)
  const userId = options.userIdOf(userSig)
  if (userId === null) throw new RtcProblem(403, 'UserSig is not a version 2.0 UserSig.')
  return authorize(options, context, { room, userId }, userSig)
}

async function readBody(context: Context, type: string): Promise<string> {
  const given = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (given !== type) throw new RtcProblem(415, `Content-Type must be ${type} (got ${given ?? 'none'}).`)
  return await context.req.text()
}

const refusalStatus = { 'bad-offer': 400, 'no-common-codec': 406, 'not-granted': 403 } as const

function sessionAnswer(context: Context, answer: SessionAnswer | SessionRefusal): Response {
  if ('refused' in answer) throw new RtcProblem(refusalStatus[answer.refused], answer.message)
  return context.body(answer.answerSdp, 201, {
    'Content-Type': 'application/sdp',
    Location: `${new URL(context.req.url).pathname}/sessions/${answer.sessionId}`,
    ETag: entityTag(answer.sessionId),
    'Accept-Patch': 'application/trickle-ice-sdpfrag',
  })
}

function trickleAnswer(context: Context, sessionId: string, result: TrickleResult): Response {
  if (result === 'no-session') throw noSession(sessionId)
  if (result === 'ice-restart') throw new RtcProblem(422, 'ICE restart is not supported: POST again, which replaces the session.')
  return context.body(null, 204)
}

function problemAnswer(context: Context, error: Error): Response {
  if (error instanceof RoomsUnavailable || error instanceof ChildDied) return context.text(error.message, 503, { 'Retry-After': '2' })
  if (!(error instanceof RtcProblem)) throw error
  return context.text(error.message, error.status, error.status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {})
}

/** Begins with a `snapshot` of the room; each event is named by its type. Ends when the rooms process dies: reconnect. */
async function roomEvents(options: RtcRoutesOptions, context: Context): Promise<Response> {
  const room = roomOfPath(context.req.param() as { appId: string; rooms: string; room: string })
  const userSig = context.req.query('userSig') ?? bearer(context)
  const userId = context.req.query('userId') ?? options.userIdOf(userSig)
  if (userId === null) throw new RtcProblem(403, 'UserSig is not a version 2.0 UserSig.')
  await authorize(options, context, { room, userId: userIdOfPath(userId) }, userSig)
  const rooms = options.rooms()
  return streamSSE(context, async (stream) => {
    const ended = Promise.withResolvers<void>()
    let isLive = false
    const send = (event: string, data: object): void => void stream.writeSSE({ event, data: JSON.stringify(data) })
    const stop = options.events({
      // What happens before the snapshot's arrival is in it: both come over one ordered channel.
      event: (event: RoomEvent) => {
        if (isLive && roomKey(event.room) === roomKey(room)) send(event.type, event)
      },
      down: ended.resolve,
    })
    stream.onAbort(ended.resolve)
    const heartbeat = setInterval(() => void stream.write(': still here\n\n'), HEARTBEAT_MS)
    try {
      const snapshots = await rooms.list()
      send('snapshot', snapshots.find((snapshot) => roomKey(snapshot.room) === roomKey(room)) ?? { room, participants: [] })
      isLive = true
      await ended.promise
    } finally {
      clearInterval(heartbeat)
      stop()
    }
  })
}
