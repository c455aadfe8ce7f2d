// `GET /metrics`.
import { Hono } from 'hono'
import type { Metrics } from './metrics.ts'

export const createMetricsRoutes = (metrics: Metrics): Hono =>
  new Hono().get('/metrics', async (context) => context.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType }))
