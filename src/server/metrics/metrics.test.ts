import { afterEach, expect, test, vi } from 'vitest'
import type { EngineStats, OutputStats } from '../../engine/ipc.ts'
import type { RoomsStats } from '../../rooms/ipc.ts'
import type { TaskView } from '../tasks/tasks.ts'
import { createMetricsRoutes } from './metrics-routes.ts'
import { createMetrics, type MetricsOptions } from './metrics.ts'

afterEach(() => {
  vi.useRealTimers()
})

const output = (url: string, changes: Partial<OutputStats> = {}): OutputStats => ({
  url,
  state: 'running',
  bytesSent: 1000,
  framesSent: 30,
  framesDropped: 2,
  queueBytes: 500,
  reconnects: 3,
  ...changes,
})

const stats = (changes: Partial<EngineStats> = {}): EngineStats => ({
  ticks: 100,
  ticksSkipped: 1,
  ticksLate: 2,
  framesRepeated: 3,
  framesEncoded: 99,
  fps: 15,
  videoKbps: 1500,
  audioKbps: 64,
  firstPacketMs: 250,
  audioUnderruns: 4,
  inputs: [],
  outputs: [output('rtmp://push.example.com:1936/live/secret-key?txSecret=secret')],
  cpuSec: 12.5,
  rssBytes: 1e8,
  ...changes,
})

const roomsStats: RoomsStats = {
  packetsReceived: 11,
  packetsForwarded: 12,
  packetsToFeeds: 13,
  nacksSent: 14,
  nacksReceived: 15,
  retransmitted: 16,
  keyFrameRequests: 17,
  packetsLost: 18,
  publishers: 19,
  subscribers: 20,
  feeds: 21,
  feedPacketsDropped: 22,
  cpuSec: 23,
  rssBytes: 24,
}

function setUp(changes: Partial<MetricsOptions> = {}) {
  const engines = new Map<string, EngineStats | null>()
  const metrics = createMetrics({
    worker: { capacity: 4, freeCapacity: () => 2.5, taskIds: () => [...engines.keys()], latestStats: (id) => engines.get(id) ?? null },
    tasks: { list: async () => (['running', 'running', 'idle', 'ended'] as const).map((state) => ({ state }) as TaskView) },
    rooms: async () => roomsStats,
    callbacks: { pending: async () => 7 },
    ...changes,
  })
  /** Values by name with labels, as a scraper reads them. */
  const scrape = async (): Promise<Map<string, number>> => {
    const response = await createMetricsRoutes(metrics).request('/metrics')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/plain')
    const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
  }
  return { engines, metrics, scrape }
}

test('figures of engines and outputs carry the task and the host, never a stream key', async () => {
  const { engines, scrape } = setUp()
  engines.set('t1', stats())
  engines.set('t2', null)
  const values = await scrape()
  expect(values.get('tributary_task_fps{task="t1"}')).toBe(15)
  expect(values.get('tributary_callbacks_pending')).toBe(7)
  expect(values.get('tributary_task_ticks_late_total{task="t1"}')).toBe(2)
  expect(values.get('tributary_task_ticks_skipped_total{task="t1"}')).toBe(1)
  expect(values.get('tributary_task_frames_repeated_total{task="t1"}')).toBe(3)
  expect(values.get('tributary_task_first_packet_seconds{task="t1"}')).toBe(0.25)
  expect(values.get('tributary_engine_cpu_seconds_total{task="t1"}')).toBe(12.5)
  const labels = 'task="t1",output="0",host="push.example.com:1936"'
  expect(values.get(`tributary_output_queue_bytes{${labels}}`)).toBe(500)
  expect(values.get(`tributary_output_reconnects_total{${labels}}`)).toBe(3)
  expect(values.get(`tributary_output_state{${labels},state="running"}`)).toBe(1)
  expect(values.get(`tributary_output_state{${labels},state="recovering"}`)).toBe(0)
  expect([...values.keys()].join()).not.toContain('secret')
  expect([...values.keys()].join()).not.toContain('t2')
})

test('two scrapes do not add up, and a task that ended disappears', async () => {
  const { engines, scrape } = setUp()
  engines.set('t1', stats())
  await scrape()
  engines.set('t1', stats({ ticks: 150, firstPacketMs: null }))
  const values = await scrape()
  expect(values.get('tributary_task_ticks_total{task="t1"}')).toBe(150)
  expect(values.has('tributary_task_first_packet_seconds{task="t1"}')).toBe(false)
  engines.clear()
  expect([...(await scrape()).keys()].join()).not.toContain('t1')
})

test('rooms, capacity, tasks, requests and the server itself', async () => {
  const { metrics, scrape } = setUp()
  metrics.countRequest('StartPublishCdnStream', 'ok', 0.02)
  metrics.countRequest('StartPublishCdnStream', 'InvalidParameter', 0.002)
  const values = await scrape()
  expect(values.get('tributary_rooms_up')).toBe(1)
  const shown = [...values]
    .filter(([name]) => name.startsWith('tributary_rooms_') && name !== 'tributary_rooms_up')
    .map(([, value]) => value)
  expect(shown.sort((one, other) => one - other)).toEqual(Object.values(roomsStats))
  expect(values.get('tributary_worker_capacity')).toBe(4)
  expect(values.get('tributary_worker_free_capacity')).toBe(2.5)
  expect(values.get('tributary_tasks{state="running"}')).toBe(2)
  expect(values.get('tributary_tasks{state="starting"}')).toBe(0)
  expect(values.get('tributary_requests_total{action="StartPublishCdnStream",code="InvalidParameter"}')).toBe(1)
  expect(values.get('tributary_request_duration_seconds_bucket{le="0.005",action="StartPublishCdnStream"}')).toBe(1)
  expect(values.get('process_resident_memory_bytes')).toBeGreaterThan(0)
})

test.each([
  ['fails', () => Promise.reject(new Error('gone'))],
  ['does not answer', () => new Promise<null>(() => {})],
  ['does not run', async () => null],
])('a rooms process that %s is shown as down, and nothing else is missing', async (_how, rooms) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const scraping = setUp({ rooms }).scrape()
  await vi.advanceTimersByTimeAsync(1000)
  const values = await scraping
  expect(values.get('tributary_rooms_up')).toBe(0)
  expect(values.has('tributary_rooms_packets_received_total')).toBe(false)
  expect(values.get('tributary_worker_capacity')).toBe(4)
})
