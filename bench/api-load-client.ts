// Calls the API at an even rate, in a process of its own so that its work is not counted as the server's; prints what it saw as JSON.
import { parseArgs } from 'node:util'
import { createRelayClient, RelayCallError } from '../src/client/relay-client.ts'

/** At the same rate, not counted: this process compiles its own code first. */
const WARM_UP_SEC = 3

const { values } = parseArgs({
  options: {
    endpoint: { type: 'string', default: '' },
    'secret-id': { type: 'string', default: '' },
    'sdk-app-id': { type: 'string', default: '0' },
    task: { type: 'string', default: '' },
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
  },
})
const client = createRelayClient({
  endpoint: values.endpoint,
  secretId: values['secret-id'],
  // Not an argument, where every process of the machine could read it.
  secretKey: process.env['TRIBUTARY_SECRET_KEY'] ?? '',
})
const SdkAppId = Number(values['sdk-app-id'])
const ratePerSec = Number(values.rate)
const warmUp = ratePerSec * WARM_UP_SEC
const total = warmUp + ratePerSec * Number(values.seconds)

const start = {
  SdkAppId,
  RoomId: '1',
  RoomIdType: 0 as const,
  WithTranscoding: 1 as const,
  AgentParams: { UserId: 'robot', UserSig: 'none' },
  AudioParams: { AudioEncode: { SampleRate: 48000 as const, Channel: 2 as const, BitRate: 64 } },
  PublishCdnParams: [{ PublishCdnUrl: 'rtmp://127.0.0.1/live/none' }],
}

let lastUpdate: Promise<unknown> = Promise.resolve()

/** Of twenty calls two change the running mix, nine ask the store for a task, nine are checked whole and refused by their UserSig. */
function call(index: number): { expected: string; answer: Promise<unknown> } {
  const kind = index % 20
  if (kind % 10 === 0) {
    const UnSubscribeAudioList = [{ UserInfo: { UserId: `nobody-${index % 7}` } }]
    const update = {
      SdkAppId,
      TaskId: values.task,
      SequenceNumber: index,
      WithTranscoding: 1 as const,
      AudioParams: { UnSubscribeAudioList },
    }
    // One after the other, as sequence numbers ask for.
    lastUpdate = lastUpdate.then(() => client.call('UpdatePublishCdnStream', update))
    return { expected: 'ok', answer: lastUpdate }
  }
  if (kind % 2 === 0) {
    return { expected: 'ResourceNotFound', answer: client.call('StopPublishCdnStream', { SdkAppId, TaskId: `none-${index}` }) }
  }
  return { expected: 'InvalidParameter', answer: client.call('StartPublishCdnStream', start) }
}

const latenciesMs: number[] = []
const unexpected: Record<string, number> = {}
const begunAt = performance.now()

/** From the moment the call was due, so that a server that stalls is charged for those who wait. */
async function measure(index: number): Promise<void> {
  const dueAt = begunAt + (index * 1000) / ratePerSec
  await new Promise((resolve) => setTimeout(resolve, dueAt - performance.now()))
  const { expected, answer } = call(index)
  const code = await answer.then(
    () => 'ok',
    (error: unknown) => (error instanceof RelayCallError ? error.code : String(error)),
  )
  if (index >= warmUp) latenciesMs.push(performance.now() - dueAt)
  if (code !== expected) unexpected[code] = (unexpected[code] ?? 0) + 1
}

await Promise.all(Array.from({ length: total }, (_, index) => measure(index)))
console.log(JSON.stringify({ latenciesMs, unexpected }))
