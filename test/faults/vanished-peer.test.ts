// A participant that is replaced by itself, and one that falls silent without a word.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startLiveSystem, ROOM_ID, type LiveSystem } from '../support/live-system.ts'
import { playMix, type MixPlayer } from '../support/mix-player.ts'
import { startNginxRtmp, type NginxRtmp } from '../support/nginx-rtmp.ts'
import { paint, startPictureServer, type PictureServer } from '../support/picture-server.ts'
import { isColor, type ShownPicture } from '../support/shown-picture.ts'
import { startWhipProxy, type WhipProxy } from '../support/whip-proxy.ts'
import { distances } from './time-line.ts'
import { FPS, people, person, shape, startDuo } from './duo.ts'

const placeholderColor = 0x1f8020
const otherColor = 0x806080

let nginx: NginxRtmp
let system: LiveSystem
let player: MixPlayer
let pictures: PictureServer
let proxies: WhipProxy[]

beforeAll(async () => {
  ;[nginx, system, pictures] = await Promise.all([
    startNginxRtmp(),
    startLiveSystem(),
    startPictureServer({ '/away.png': paint('color=0x1f8020:size=320x360', 'png') }),
  ])
  const newProxy = (): Promise<WhipProxy> => startWhipProxy(system.server.httpUrl, system.server.config.rtcPort)
  proxies = [await newProxy(), await newProxy()]
})
afterAll(async () => {
  await player?.close()
  await system?.close()
  for (const proxy of proxies ?? []) proxy.close()
  await pictures?.close()
  await nginx?.stop()
})

interface SeenEvent {
  readonly type: string
  readonly userId: string
  readonly at: number
}

/** What the room's event stream says, from now until `ended`. */
async function followEvents(ended: AbortSignal): Promise<SeenEvent[]> {
  const url = `${system.server.httpUrl}/apps/${system.sdkAppId}/rooms/${ROOM_ID}/events`
  const answer = await fetch(url, { headers: { authorization: `Bearer ${system.userSig('onlooker')}` }, signal: ended })
  const seen: SeenEvent[] = []
  const read = async (): Promise<void> => {
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (data !== undefined && !block.includes('event: snapshot')) seen.push(JSON.parse(data) as SeenEvent)
      }
    }
  }
  void read().catch(() => {})
  return seen
}

test('a peer that reconnects replaces itself; one that falls silent leaves the room and its tile', async () => {
  const [firstWay, secondWay] = proxies as [WhipProxy, WhipProxy]
  const ended = new AbortController()
  const events = await followEvents(ended.signal)
  const options = { ...person(0), whipUrl: firstWay.through(system.whipUrl('left')) }
  const first = await system.join('left', options)
  await system.join('right', person(1))
  player = playMix(nginx.url('mix'))
  const taskId = await startDuo(system, [nginx.url('mix')], { placeholderUrl: pictures.url('/away.png') })
  await vi.waitFor(() => expect(player.playingMs).toBeGreaterThan(1500), { timeout: 15_000 })

  firstWay.silence()
  const replacedAt = Date.now()
  await system.join('left', { ...options, whipUrl: secondWay.through(system.whipUrl('left')), color: otherColor })
  const { calls } = system.server.rooms
  expect(await calls.stats()).toMatchObject({ publishers: 2 })
  await vi.waitFor(() => expect(player.pictures.at(-1)?.arrivedAt).toBeGreaterThan(replacedAt + 3000), { timeout: 5000 })

  const silentAt = Date.now()
  secondWay.silence()
  const left = (): SeenEvent | undefined => events.findLast(({ type, userId }) => type === 'left' && userId === 'left')
  await vi.waitFor(() => expect(left()?.at).toBeGreaterThan(silentAt), { timeout: 45_000, interval: 50 })
  const leftAt = left()?.at ?? 0
  expect(leftAt - silentAt).toBeLessThan(35_000)
  const [room] = await calls.list()
  expect(room?.participants.filter(({ isRobot }) => !isRobot).map(({ userId }) => userId)).toEqual(['right'])
  await vi.waitFor(() => expect(player.pictures.at(-1)?.arrivedAt).toBeGreaterThan(leftAt + 1500), { timeout: 5000 })
  await first.close()
  await system.client.call('StopPublishCdnStream', { SdkAppId: system.sdkAppId, TaskId: taskId })
  await player.stop()
  ended.abort()

  const shown = await player.decode(shape)
  const tileIs = (color: number) => (picture: ShownPicture) => isColor(picture.tiles[0], color)
  const firstOf = (color: number, from: number): number =>
    (shown.find((picture) => picture.arrivedAt > from && tileIs(color)(picture))?.arrivedAt ?? Infinity) - from
  const [replacedMs, placeholderMs] = [firstOf(otherColor, replacedAt), firstOf(placeholderColor, leftAt)]
  console.info(
    `new session seen after ${Math.round(replacedMs)} ms; silence noticed after ${leftAt - silentAt} ms, placeholder ${Math.round(placeholderMs)} ms later`,
  )
  expect(replacedMs).toBeLessThan(2000)
  expect(placeholderMs).toBeLessThan(500)
  const since = (from: number): ShownPicture[] => shown.filter(({ arrivedAt }) => arrivedAt > from)
  // Never anything but the participant or the placeholder, and the other tile and the rhythm as if nothing had been.
  expect(
    since(replacedAt).filter((picture) => ![people[0].color, otherColor, placeholderColor].some((color) => tileIs(color)(picture))),
  ).toEqual([])
  expect(since(leftAt + 500).filter((picture) => !tileIs(placeholderColor)(picture))).toEqual([])
  expect(since(replacedAt).filter(({ tiles }) => !isColor(tiles[1], people[1].color))).toEqual([])
  expect(Math.max(...distances(shown))).toBeLessThan(1500 / FPS)
})
