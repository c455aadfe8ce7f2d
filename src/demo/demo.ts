// `tributary demo`: the server with its origin, two synthetic participants and the vendor's first example, all on this machine.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRelayClient } from '../client/relay-client.ts'
import { loadConfig } from '../config.ts'
import { createLogger } from '../log.ts'
import { startServer, type RunningServer } from '../server/server.ts'
import type { Origin } from '../server/origin/origin.ts'
import { forkChild } from '../supervise/child-process.ts'
import { createUserSig } from '../trtc/user-sig.ts'
import { example, expectedMix, ownExample, people, streamKey } from './demo-mix.ts'
import { demoReport } from './demo-report.ts'
import { firstMediaAt, record } from './origin-watch.ts'
import type { ParticipantsCalls } from './participants-ipc.ts'
import { judgeRecording } from './recording-judge.ts'

export interface DemoOptions {
  /** End after this many seconds, judging what the origin received. Absent: run until interrupted. */
  readonly seconds?: number
  /** File for figures as JSON; needs `seconds`. */
  readonly report?: string
}

const userSigLifetimeSec = 24 * 3600
const connectMs = 30_000
const firstMediaMs = 30_000
/** The recording that is judged: the end of the run, long enough to measure the rhythm. */
const longestRecordingMs = 20_000
/** Both tiles must be there this long after the start of the task. */
const appearMs = 1_000

/**
 * Runs the demo.
 * @param flags settings as given on the command line
 * @returns the exit code: 0 unless the mix was found wrong
 */
export async function runDemo(flags: Record<string, unknown>, configFile: string | undefined, options: DemoOptions): Promise<number> {
  const config = loadConfig(process.env, { ...flags, origin: true }, configFile, { bindAddress: '127.0.0.1', logLevel: 'error' })
  const interrupted = interruption()
  const server = await startServer(config, createLogger('server', config.logLevel))
  const participants = forkChild<ParticipantsCalls, object>('demo-participants', {}, { TRIBUTARY_LOG_LEVEL: config.logLevel })
  try {
    const running = run(server, participants.calls, options, interrupted)
    const died = participants.exited.then(() => Promise.reject(new Error('The process of the participants ended.')))
    return await Promise.race([running, died])
  } catch (error) {
    if (interrupted.aborted) return 0
    throw error
  } finally {
    await participants.calls.stop().catch(() => {})
    await participants.close()
    await server.close()
  }
}

type Participants = ReturnType<typeof forkChild<ParticipantsCalls, object>>['calls']

async function run(server: RunningServer, participants: Participants, options: DemoOptions, interrupted: AbortSignal): Promise<number> {
  const { origin, credentials, httpUrl } = server
  if (origin === null) throw new Error('The demo needs the embedded origin.')
  const sign = (userId: string): string =>
    createUserSig(
      { sdkAppId: credentials.sdkAppId, userId, key: credentials.sdkSecretKey },
      Math.floor(Date.now() / 1000),
      userSigLifetimeSec,
    )

  await within(
    connectMs,
    'the participants to connect',
    participants.start(people.map((person) => settingsOf(person, server, sign(person.name)))),
  )
  const client = createRelayClient({ endpoint: httpUrl, secretId: credentials.secretId, secretKey: credentials.secretKey })
  const watch = new AbortController()
  const firstMedia = firstMediaAt(origin, streamKey, watch.signal)
  firstMedia.catch(() => {})
  const request = ownExample(credentials.sdkAppId, sign(example.AgentParams.UserId), origin.rtmpUrl(streamKey))
  const { TaskId: taskId } = await client.call('StartPublishCdnStream', request, interrupted)
  const acceptedAt = performance.now()
  try {
    const startToFirstPacketMs = Math.max(0, (await within(firstMediaMs, 'the first picture at the origin', firstMedia)) - acceptedAt)
    console.log(greeting(server, origin, taskId, startToFirstPacketMs))
    if (options.seconds === undefined) {
      await new Promise((resolve) => interrupted.addEventListener('abort', resolve, { once: true }))
      return 0
    }
    const verdict = await judge(origin, options.seconds, interrupted)
    if (options.report !== undefined) {
      const [rooms, synthetic] = await Promise.all([server.rooms.calls.stats(), participants.stats()])
      const report = demoReport({ verdict, startToFirstPacketMs, engine: server.latestStats(taskId), rooms, participants: synthetic })
      writeFileSync(options.report, `${JSON.stringify(report, null, 2)}\n`)
    }
    for (const problem of verdict.problems) console.error(problem)
    console.log(
      verdict.problems.length === 0
        ? `The mix is right: ${verdict.frames} pictures at ${verdict.fps} a second, both tiles, both tones.`
        : 'The mix is wrong.',
    )
    return verdict.problems.length === 0 ? 0 : 1
  } finally {
    watch.abort()
    // A task that is not stopped would go on at the next start.
    await client.call('StopPublishCdnStream', { SdkAppId: credentials.sdkAppId, TaskId: taskId }).catch(() => {})
  }
}

const settingsOf = (person: (typeof people)[number], { httpUrl, credentials }: RunningServer, userSig: string) => ({
  whipUrl: `${httpUrl}/apps/${credentials.sdkAppId}/rooms/${example.RoomId}/users/${person.name}/whip`,
  userSig,
  codec: 'h264' as const,
  ...person.source,
  fps: expectedMix.fps,
  bitRateKbps: 1_200,
  color: person.color,
  name: person.name,
  toneHz: person.toneHz,
})

async function judge(origin: Pick<Origin, 'play'>, seconds: number, interrupted: AbortSignal) {
  const recordingMs = Math.min(seconds * 1000, longestRecordingMs)
  await sleep(seconds * 1000 - recordingMs, undefined, { signal: interrupted })
  const directory = mkdtempSync(join(tmpdir(), 'tributary-demo-'))
  try {
    const file = join(directory, 'mix.flv')
    await record(origin, streamKey, file, recordingMs, interrupted)
    return await judgeRecording(file, expectedMix, appearMs)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function greeting(server: RunningServer, origin: Pick<Origin, 'rtmpUrl'>, taskId: string, startToFirstPacketMs: number): string {
  return `
Two participants in room ${example.RoomId} are mixed; the first packet came ${Math.round(startToFirstPacketMs)} ms after the task was accepted.

  watch the mix      ${server.consoleUrl}#/tasks/${taskId}
  join the room      ${server.consoleUrl}#/join/${example.RoomId}
  or with a player   ffplay ${origin.rtmpUrl(streamKey)}
  call the API       ${server.httpUrl} with the keys in ${join(server.config.dataDir, 'secrets.json')}

Ctrl-C ends it.`
}

/** Ctrl-C once ends the demo in order, twice at once. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130)
      controller.abort()
    })
  }
  return controller.signal
}

async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`Waited ${ms / 1000} s for ${what}, in vain.`)), ms)
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
