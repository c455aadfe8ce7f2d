// A robot enters its room with its UserSig, at first and after every failure: a bad one starts nothing, an expired one ends the task.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createUserSig } from '../../src/trtc/user-sig.ts'
import { freePort } from '../support/free-port.ts'
import { startLiveSystem, type LiveSystem } from '../support/live-system.ts'
import { duoRequest } from './duo.ts'

let system: LiveSystem
let url: string

beforeAll(async () => {
  system = await startLiveSystem()
  url = `rtmp://127.0.0.1:${await freePort()}/live/nobody`
})
afterAll(async () => {
  await system?.close()
})

const start = async (userSig: (userId: string) => string): Promise<string> =>
  (await system.client.call('StartPublishCdnStream', duoRequest({ sdkAppId: system.sdkAppId, userSig }, [url]))).TaskId

/** A UserSig by the application's key or another. */
const issue =
  (lifetimeSec: number, key = system.server.credentials.sdkSecretKey) =>
  (userId: string): string =>
    createUserSig({ sdkAppId: system.sdkAppId, userId, key }, Math.floor(Date.now() / 1000), lifetimeSec)

test.each([
  ['of another key', () => issue(3600, 'another key'), /not signed/],
  ['of another user', () => () => issue(3600)('somebody'), /another user/],
  ['that has expired', () => issue(-1), /expired/],
])('a robot with a UserSig %s starts nothing', async (_what, userSig, reason) => {
  await expect(start(userSig())).rejects.toThrow(reason)
  expect(await system.server.tasks.list()).toEqual([])
  expect(system.server.worker.taskIds()).toEqual([])
})

test('a UserSig that expired while the task ran admits no successor of a killed engine', async () => {
  const { worker, tasks, rooms } = system.server
  const taskId = await start(issue(3))
  const expiresAt = Math.floor(Date.now() / 1000) * 1000 + 3000
  const isInRoom = async (): Promise<boolean> =>
    (await rooms.calls.list()).some(({ participants }) => participants.some(({ isRobot }) => isRobot))
  await vi.waitFor(async () => expect(await isInRoom()).toBe(true), { timeout: 2500 })
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(expiresAt + 1000), { timeout: 5000 })
  // Whoever is in the room stays there.
  expect([await isInRoom(), (await tasks.list())[0]?.state]).toEqual([true, 'idle'])
  process.kill(worker.enginePid(taskId) ?? -1, 'SIGKILL')
  await vi.waitFor(
    async () =>
      expect((await tasks.list())[0]).toMatchObject({
        state: 'ended',
        endReason: 'robot_removed',
        endDetail: expect.stringMatching(/expired/),
      }),
    { timeout: 10_000 },
  )
  expect(worker.taskIds()).toEqual([])
  expect(await isInRoom()).toBe(false)
})
