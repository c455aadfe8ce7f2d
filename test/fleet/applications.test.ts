// One server, several applications and keys, administered while it runs: what belongs to whom, and what a thief finds.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createRelayClient, type RelayClient } from '../../src/client/relay-client.ts'
import { runAdmin } from '../../src/server/admin/run-admin.ts'
import { createUserSig } from '../../src/trtc/user-sig.ts'
import { startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import { signedRequest } from '../support/signed-request.ts'

const SECOND = 20000007
const ROOM = '4711'

let system: LiveSystem
/** SDKSecretKey of the second application. */
let secondKey: string
/** A key with a right to the second application only. */
let second: { readonly secretId: string; readonly secretKey: string; readonly client: RelayClient }

/** What the operator does at the command line while the server runs. */
const operate = async (command: string, input: object = {}) =>
  (await runAdmin({ dataDir: system.server.config.dataDir }, command, input)) as Record<string, string>

const clientOf = ({ secretId = '', secretKey = '' }: Record<string, string>) =>
  createRelayClient({ endpoint: system.server.httpUrl, secretId, secretKey })

const sign = (sdkAppId: number, key: string, userId: string) =>
  createUserSig({ sdkAppId, userId, key }, Math.floor(Date.now() / 1000), 3600)

const startBody = (sdkAppId: number, userSigKey: string, robot: string) => ({
  SdkAppId: sdkAppId,
  RoomId: ROOM,
  RoomIdType: 0 as const,
  WithTranscoding: 1 as const,
  AgentParams: { UserId: robot, UserSig: sign(sdkAppId, userSigKey, robot), MaxIdleTime: 3600 },
  AudioParams: { AudioEncode: { SampleRate: 48000 as const, Channel: 2 as const, BitRate: 64, Codec: 0 as const } },
  // Nothing listens at the discard port: the push fails and its error is stored.
  PublishCdnParams: [{ PublishCdnUrl: `rtmp://127.0.0.1:9/live/${robot}-STREAM-KEY` }],
})

const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'accepted',
    (error: { code: string }) => error.code,
  )

beforeAll(async () => {
  system = await startLiveSystem()
  secondKey = (await operate('app create', { id: SECOND }))['sdkSecretKey'] ?? ''
  const made = await operate('key create', { account: 'second', applications: [SECOND] })
  second = { secretId: made['secretId'] ?? '', secretKey: made['secretKey'] ?? '', client: clientOf(made) }
})
afterAll(() => system.close())

test('a task of a second application runs, and only its own key and its own SdkAppId reach it', async () => {
  const { TaskId } = await second.client.call('StartPublishCdnStream', startBody(SECOND, secondKey, 'robot-a'))
  await vi.waitFor(
    async () => expect((await system.server.tasks.list()).find(({ taskId }) => taskId === TaskId)?.outputs[0]?.error).toMatch(/./),
    { timeout: 20_000, interval: 50 },
  )
  const { sdkAppId, client } = system
  const stop = (caller: RelayClient, appId: number) => codeOf(caller.call('StopPublishCdnStream', { SdkAppId: appId, TaskId }))
  expect(await stop(second.client, sdkAppId)).toBe('AuthFailure.UnauthorizedOperation')
  expect(await stop(client, sdkAppId)).toBe('ResourceNotFound')
  const update = { SdkAppId: sdkAppId, TaskId, SequenceNumber: 1, WithTranscoding: 1 as const }
  expect(await codeOf(client.call('UpdatePublishCdnStream', update))).toBe('ResourceNotFound')
  expect(await stop(second.client, 8)).toBe('InvalidParameter.SdkAppId')
  expect(await stop(client, SECOND)).toBe('accepted')
})

test('an application’s UserSig opens its own rooms and no other’s', async () => {
  const whip = (sdkAppId: number) => `${system.server.httpUrl}/apps/${sdkAppId}/rooms/${ROOM}/users/ann/whip`
  const participant = await system.join('ann', { whipUrl: whip(SECOND), userSig: sign(SECOND, secondKey, 'ann') })
  const rooms = await system.server.rooms.calls.list()
  expect(rooms.map(({ room }) => [room.appId, room.name])).toContainEqual([SECOND, ROOM])
  expect(rooms.map(({ room }) => room.appId)).not.toContain(system.sdkAppId)
  await participant.close()
  const refusal = async (sdkAppId: number, userSig: string) =>
    (await fetch(whip(sdkAppId), { method: 'POST', headers: { Authorization: `Bearer ${userSig}`, 'Content-Type': 'application/sdp' } }))
      .status
  expect(await refusal(SECOND, system.userSig('ann'))).toBe(403)
  expect(await refusal(system.sdkAppId, sign(SECOND, secondKey, 'ann'))).toBe(403)
  expect(await refusal(8, sign(8, secondKey, 'ann'))).toBe(403)
  const robotOfOther = startBody(system.sdkAppId, secondKey, 'robot-x')
  expect(await codeOf(system.client.call('StartPublishCdnStream', robotOfOther))).toBe('InvalidParameter')
})

test('limits of tasks are an application’s own, and hold from the moment they are set', async () => {
  await operate('app update', { id: SECOND, maxTasks: 1 })
  const start = (robot: string) => second.client.call('StartPublishCdnStream', startBody(SECOND, secondKey, robot))
  const { TaskId } = await start('robot-1')
  expect(await codeOf(start('robot-2'))).toBe('FailedOperation.RestrictedConcurrency')
  const other = system.client.call('StartPublishCdnStream', startBody(system.sdkAppId, system.server.credentials.sdkSecretKey, 'robot-b'))
  expect(await codeOf(other)).toBe('accepted')
  await operate('app update', { id: SECOND, maxTasks: 2 })
  expect(await codeOf(start('robot-2'))).toBe('accepted')
  expect(await codeOf(second.client.call('StopPublishCdnStream', { SdkAppId: SECOND, TaskId }))).toBe('accepted')
})

test('keys, applications and tasks are there after a restart, and a key ends when it is revoked', async () => {
  await system.restart()
  const stop = () => codeOf(second.client.call('StopPublishCdnStream', { SdkAppId: SECOND, TaskId: 'none' }))
  expect(await stop()).toBe('ResourceNotFound')
  const running = (await system.server.tasks.list()).filter(({ state }) => state !== 'ended')
  expect(running.map(({ spec }) => spec.robot.userId).toSorted()).toEqual(['robot-2', 'robot-b'])
  await operate('key revoke', { secretId: second.secretId })
  expect(await stop()).toBe('AuthFailure.SecretIdNotFound')
})

test('a temporary key is taken with its token, and only with it', async () => {
  const made = await operate('key create', { token: true, expiresAt: Date.now() + 60_000 })
  const answer = async (token: string | null) => {
    const request = signedRequest('StopPublishCdnStream', {
      secretId: made['secretId'] ?? '',
      secretKey: made['secretKey'] ?? '',
      timestampSec: Math.floor(Date.now() / 1000),
      host: new URL(system.server.httpUrl).host,
      content: JSON.stringify({ SdkAppId: SECOND, TaskId: 'none' }),
      headers: { 'X-TC-Token': token },
    })
    const { Response: response } = (await (await fetch(request)).json()) as { Response: { Error: { Code: string } } }
    return response.Error.Code
  }
  expect(await answer(made['token'] ?? '')).toBe('ResourceNotFound')
  expect(await answer('another-token-of-some-length')).toBe('AuthFailure.TokenFailure')
  expect(await answer(null)).toBe('AuthFailure.TokenFailure')
})

test('the database of all this gives nothing away', async () => {
  const { dataDir } = system.server.config
  const files = readdirSync(dataDir).filter((name) => name.startsWith('tributary.sqlite'))
  const bytes = Buffer.concat(files.map((name) => readFileSync(join(dataDir, name))))
  // What is public is found, so that what is not found is not there.
  const [, kept] = (await runAdmin({ dataDir }, 'key list', {})) as { secretId: string }[]
  expect(bytes.includes(kept?.secretId ?? '')).toBe(true)
  for (const secret of [secondKey, second.secretKey, 'STREAM-KEY', sign(SECOND, secondKey, 'robot-1').slice(0, 12)])
    expect(bytes.includes(secret)).toBe(false)
})
