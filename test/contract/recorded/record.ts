// Makes recordings.json again, after a change of the SDKs' versions: `node test/contract/recorded/record.ts`.
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { mock } from 'node:test'
import { setup } from '../global-setup.ts'
import { createIntlSdkClient } from '../intl-sdk.ts'
import { runnableExample } from '../runnable-example.ts'
import { createSdkClient, type SdkClient } from '../vendor-sdk.ts'
import { bodyOf, openRecordedGateway, recordedAt, sendRaw, type Recording } from './recorded-gateway.ts'

setup()
mock.timers.enable({ apis: ['Date'], now: recordedAt })
const gateway = await openRecordedGateway()
const recordings: Recording[] = []
let name = ''

// Stands before the gateway and passes on whole requests, each over a connection of its own.
const proxy = createServer((socket) => void pass(socket))
proxy.listen(0, '127.0.0.1')
await once(proxy, 'listening')
const api = { ...gateway, url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` }

async function pass(socket: Socket): Promise<void> {
  let bytes = Buffer.alloc(0)
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk as Buffer])
    const headEnd = bytes.indexOf('\r\n\r\n') + 4
    const length = /^content-length: (\d+)/im.exec(bytes.subarray(0, Math.max(headEnd, 0)).toString('latin1'))?.[1]
    if (headEnd < 4 || bytes.length < headEnd + Number(length ?? 0)) continue
    const request = bytes.toString('latin1').replace(/^connection: .*$/im, 'Connection: close')
    const answer = await sendRaw(gateway.url, Buffer.from(request, 'latin1'))
    recordings.push({ name, request, body: bodyOf(answer) })
    socket.end(answer)
    return
  }
}

const clients: [string, SdkClient][] = [
  ...(
    [
      ['TC3-HMAC-SHA256', 'POST'],
      ['TC3-HMAC-SHA256', 'GET'],
      ['HmacSHA1', 'GET'],
      ['HmacSHA256', 'POST'],
    ] as const
  ).flatMap(([signMethod, reqMethod]): [string, SdkClient][] => [
    [`mainland ${signMethod} ${reqMethod}`, createSdkClient(api, { signMethod, reqMethod })],
    [`international ${signMethod} ${reqMethod}`, createIntlSdkClient(api, { signMethod, reqMethod })],
  ]),
  ['mainland, temporary key', createSdkClient(api, { ...api.temporaryKey, region: '' })],
  ['international, temporary key, no region', createIntlSdkClient(api, { ...api.temporaryKey, region: '' })],
]

for (const [client, sdk] of clients) {
  const calls: [string, (taskId: string) => Promise<unknown>][] = [
    ['Stop of a task that is not there', (TaskId) => sdk.StopPublishCdnStream({ SdkAppId: api.sdkAppId, TaskId: `${TaskId}-none` })],
    [
      'Update with text beyond ASCII',
      (TaskId) =>
        sdk.UpdatePublishCdnStream({
          SdkAppId: api.sdkAppId,
          TaskId,
          SequenceNumber: 1,
          WithTranscoding: 1,
          PublishCdnParams: [{ PublishCdnUrl: 'rtmp://a.example.com/live/房间?a=b%20c&d="e"' }],
        }),
    ],
    ['an action that is not there', () => sdk.request('StartMCUMixTranscode', {})],
    ['Stop', (TaskId) => sdk.StopPublishCdnStream({ SdkAppId: api.sdkAppId, TaskId })],
  ]
  name = `${client}: Start`
  const { TaskId } = await sdk.StartPublishCdnStream(runnableExample(api, 1))
  for (const [what, call] of calls) {
    name = `${client}: ${what}`
    await call(TaskId).catch(() => undefined)
  }
}
writeFileSync(new URL('recordings.json', import.meta.url), `${JSON.stringify(recordings, null, 2)}\n`)
console.log(`${recordings.length} requests recorded`)
proxy.close()
await gateway.close()
