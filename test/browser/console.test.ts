import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AV_LOG_ERROR, Log } from 'node-av'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildConsole } from '../../scripts/build-console.ts'
import { createRelayClient } from '../../src/client/relay-client.ts'
import { loadConfig } from '../../src/config.ts'
import { example, ownExample, people } from '../../src/demo/demo-mix.ts'
import { SyntheticParticipant } from '../../src/demo/synthetic-participant.ts'
import { createLogger } from '../../src/log.ts'
import { startServer, type RunningServer } from '../../src/server/server.ts'
import { createUserSig } from '../../src/trtc/user-sig.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'tributary-console-'))
const log = createLogger('test', 'error')
let server: RunningServer
let participants: SyntheticParticipant[]
let browser: Browser
let taskId: string

beforeAll(async () => {
  Log.setLevel(AV_LOG_ERROR)
  await buildConsole()
  const ports = { httpPort: 0, rtmpPort: 0, rtcPort: 0, bindAddress: '127.0.0.1' }
  server = await startServer(loadConfig({}, { ...ports, bindAddress: '127.0.0.1', dataDir, logLevel: 'error' }), log)
  const { sdkAppId, sdkSecretKey, secretId, secretKey } = server.credentials
  const sign = (userId: string): string => createUserSig({ sdkAppId, userId, key: sdkSecretKey }, Math.floor(Date.now() / 1000), 3_600)
  participants = people.map(
    ({ name, color, toneHz, source }) =>
      new SyntheticParticipant({
        whipUrl: `${server.httpUrl}/apps/${sdkAppId}/rooms/${example.RoomId}/users/${name}/whip`,
        userSig: sign(name),
        codec: 'h264',
        ...source,
        fps: 15,
        bitRateKbps: 1_000,
        color,
        name,
        toneHz,
        log,
      }),
  )
  await Promise.all(participants.map((participant) => participant.start()))
  const client = createRelayClient({ endpoint: server.httpUrl, secretId, secretKey })
  const cdnUrl = server.origin?.rtmpUrl('console-test') ?? ''
  const answer = await client.call('StartPublishCdnStream', ownExample(sdkAppId, sign(example.AgentParams.UserId), cdnUrl))
  taskId = answer.TaskId
  const fakeDevices = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', ...fakeDevices] })
})

afterAll(async () => {
  await browser?.close()
  await Promise.all(participants?.map((participant) => participant.close()) ?? [])
  await server?.close()
  rmSync(dataDir, { recursive: true })
})

/** A page of the console; `troubles` collects what the browser complains about. */
async function open(hash: string): Promise<{ page: Page; troubles: string[] }> {
  const troubles: string[] = []
  const page = await browser.newPage()
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()))
  await page.goto(`${server.consoleUrl}#/${hash}`)
  return { page, troubles }
}

const playing = (page: Page): Promise<{ widthPx: number; timeSec: number }[]> =>
  page.$$eval('video', (videos) => videos.map((video) => ({ widthPx: video.videoWidth, timeSec: video.currentTime })))

test('the token leaves the address, the list leads to the task, and the task is seen playing', async () => {
  const { page, troubles } = await open('tasks')
  expect(page.url()).not.toContain('token')
  await page.getByRole('link', { name: /Room 295066/ }).click()
  await expect.poll(async () => (await playing(page))[0]?.timeSec ?? 0, { timeout: 20_000 }).toBeGreaterThan(1.5)
  expect((await playing(page))[0]?.widthPx).toBe(1280)
  const row = page.getByRole('row').filter({ hasText: 'Trtc_User_1' }).filter({ hasText: 'camera' })
  await expect.poll(() => row.textContent(), { timeout: 10_000 }).toContain('1280 × 720')
  const text = await page.textContent('main')
  expect(text).toContain(taskId)
  expect(text).not.toContain('console-test')
  expect(troubles).toEqual([])
  await page.close()
})

test('a browser joins with camera and microphone, sees the others, and is seen by the server', async () => {
  const { page, troubles } = await open(`join/${example.RoomId}`)
  await page.getByLabel('Your name').fill('visitor')
  await page.getByRole('button', { name: /Join with/ }).click()
  await expect.poll(async () => (await playing(page)).filter(({ timeSec }) => timeSec > 1).length, { timeout: 30_000 }).toBe(3)
  const present = async (): Promise<string[]> =>
    (await server.rooms.calls.list()).flatMap((room) => room.participants.map((participant) => participant.userId))
  expect(await present()).toContain('visitor')
  await page.getByRole('button', { name: 'Leave' }).click()
  await expect.poll(present, { timeout: 10_000 }).not.toContain('visitor')
  expect(troubles).toEqual([])
  await page.close()
})

test('without its cookie the console shows nothing', async () => {
  const page = await (await browser.newContext()).newPage()
  const answer = await page.goto(`${server.httpUrl}/console/#/tasks`)
  expect(answer?.status()).toBe(401)
  expect(await page.textContent('body')).not.toContain(taskId)
  await page.close()
})
