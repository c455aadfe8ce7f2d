// Everything under /console/: the pages, the figures they show, live pictures, and entering a room to try it.
import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { z } from 'zod'
import type { EngineStats } from '../../engine/ipc.ts'
import type { RoomSnapshot } from '../../rooms/ipc.ts'
import type { Origin } from '../origin/origin.ts'
import type { Tasks } from '../tasks/tasks.ts'
import { consoleAuth } from './console-auth.ts'
import { taskSummary } from './task-summary.ts'

export interface ConsoleOptions {
  /** Secret that opens the console. */
  readonly token: string
  readonly sdkAppId: number
  readonly tasks: Pick<Tasks, 'list'>
  readonly latestStats: (taskId: string) => EngineStats | null
  readonly listRooms: () => Promise<readonly RoomSnapshot[]>
  /** `null`: the embedded origin is off and nothing can be played. */
  readonly origin: Pick<Origin, 'keyOf' | 'play'> | null
  /** Issues a UserSig for a browser that joins from the console, valid for `lifetimeSec`. */
  readonly issueUserSig: (userId: string, lifetimeSec: number) => string
  /** Where the built pages are; `dist/console` unless told otherwise. */
  readonly assets?: string
}

const builtAssets = fileURLToPath(new URL('../../../dist/console', import.meta.url))
const userSigLifetimeSec = 2 * 3600
const joinSchema = z.strictObject({ userId: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1 to 32 letters, digits, "_" or "-"') })

/** The console's routes, to be mounted at the root; nothing below /console/ answers without the token. */
export function createConsole(options: ConsoleOptions): Hono {
  const { token, tasks, latestStats, listRooms, origin, sdkAppId, issueUserSig, assets = builtAssets } = options
  const originKey = (url: string): string | null => origin?.keyOf(url) ?? null
  const app = new Hono()
  app.get('/console', (context) => context.redirect(`/console/${new URL(context.req.url).search}`, 308))
  app.use('/console/*', pageRules, consoleAuth(token))

  app.use('/console/api/*', async (context, next) => {
    await next()
    context.header('Cache-Control', 'no-store')
  })
  app.get('/console/api/tasks', async (context) => {
    const list = await tasks.list()
    return context.json({ tasks: list.map((task) => taskSummary(task, latestStats(task.taskId), originKey)) })
  })
  app.get('/console/api/rooms', async (context) => {
    const rooms = await listRooms().catch(() => null)
    return rooms === null ? context.json({ error: 'The rooms process is starting.' }, 503) : context.json({ sdkAppId, rooms })
  })
  app.post('/console/api/join', async (context) => {
    const request = joinSchema.safeParse(await context.req.json().catch(() => null))
    if (!request.success) return context.json({ error: `userId ${request.error.issues[0]?.message ?? 'is missing'}.` }, 400)
    return context.json({ sdkAppId, userSig: issueUserSig(request.data.userId, userSigLifetimeSec) })
  })
  app.get('/console/live/:taskId/:file{[0-9]+\\.flv}', async (context) => {
    const { taskId, file } = context.req.param()
    const task = (await tasks.list()).find((candidate) => candidate.taskId === taskId)
    const key = originKey(task?.spec.outputs[Number.parseInt(file, 10)]?.url ?? '')
    if (origin === null || key === null) return context.text('No output of this number goes to the embedded origin.', 404)
    return new Response(origin.play(key), { headers: { 'Content-Type': 'video/x-flv', 'Cache-Control': 'no-store' } })
  })

  app.use('/console/*', serveStatic({ root: assets, rewriteRequestPath: (path) => path.slice('/console'.length) }))
  return app
}

/** Nothing from elsewhere runs in the console, and the console runs in no frame. */
const pageRules = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    workerSrc: ["'self'", 'blob:'],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    mediaSrc: ["'self'", 'blob:'],
    connectSrc: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
  },
  referrerPolicy: 'no-referrer',
  // The console is served over plain HTTP on a trusted network as well.
  strictTransportSecurity: false,
})
