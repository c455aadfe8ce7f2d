// Chromium as WHIP publisher and WHEP player, driven by playwright-core. Media are made in the page.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium } from 'playwright-core'
import { rtcPage } from './rtc-page.ts'

export interface PublishOptions {
  readonly url: string
  readonly userSig: string
  readonly codec: 'h264' | 'vp8'
  readonly widthPx?: number
  readonly heightPx?: number
  readonly fps?: number
  /** CSS colour of the whole picture; without it, noise that is hard to encode. */
  readonly color?: string
  /** Side of a noisy square (at most 192) in the corner of a coloured picture, which gives it a bit rate. */
  readonly noisePx?: number
  /** 0: no sound track. */
  readonly toneHz?: number
  readonly maxKbps?: number
  /** Layers `l`, `m`, `h` of a quarter, a half and all of the size. */
  readonly simulcast?: boolean
  /** Send through a UDP proxy at this port of 127.0.0.1. */
  readonly proxyPort?: number
}

export interface PlayOptions {
  readonly url: string
  readonly userSig: string
  readonly proxyPort?: number
}

/** Figures of a page's peer connection, from the browser's own statistics. */
export interface PageStats {
  readonly state: string
  readonly availableOutgoingKbps: number
  readonly sent: readonly {
    rid: string
    widthPx: number
    heightPx: number
    bytes: number
    packets: number
    retransmitted: number
    frames: number
    keyFrames: number
    nacks: number
    plis: number
  }[]
  readonly received: {
    widthPx: number
    heightPx: number
    framesDecoded: number
    framesDropped: number
    keyFrames: number
    packetsLost: number
    freezes: number
    freezeSec: number
    codec: string
  } | null
  readonly receivedAudio: { packets: number; packetsLost: number; energy: number } | null
}

export interface RtcPage {
  /** Resolves once connected. */
  publish(options: PublishOptions): Promise<{ location: string }>
  play(options: PlayOptions): Promise<{ location: string }>
  stats(): Promise<PageStats>
  /** Mean colour (0 to 255) of the picture being played, at its centre. */
  color(): Promise<[number, number, number]>
  /** The loudest frequency of the sound being played, within 6 Hz. */
  tone(): Promise<{ hz: number; db: number }>
  /** Hangs up, so that the other side notices at once. */
  close(): Promise<void>
}

export interface RtcBrowser {
  /** Chromium's process, to be killed when a peer must vanish; -1 if unknown. */
  readonly pid: number
  newPage(): Promise<RtcPage>
  close(): Promise<void>
}

const flags = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  '--autoplay-policy=no-user-gesture-required',
  '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
]

/** Starts Chromium (CHROMIUM, or /usr/bin/chromium) without a window. */
export async function launchChromium(): Promise<RtcBrowser> {
  const pages = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(rtcPage))
  pages.listen(0, '127.0.0.1')
  await once(pages, 'listening')
  // localhost is a secure context without TLS.
  const address = `http://localhost:${(pages.address() as AddressInfo).port}/`
  const server = await chromium.launchServer({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args: flags,
  })
  const browser = await chromium.connect(server.wsEndpoint())
  return {
    pid: server.process().pid ?? -1,
    async newPage() {
      const page = await browser.newPage()
      await page.goto(address)
      const call = async <Result>(name: string, argument: object = {}): Promise<Result> => {
        try {
          return (await page.evaluate(`window.${name}(${JSON.stringify(argument)})`)) as Result
        } catch (error) {
          // vitest takes the addresses in the page's stack for files.
          if (error instanceof Error) error.stack = error.message.split('\n')[0] ?? ''
          throw error
        }
      }
      return {
        publish: (options) => call('publish', options),
        play: (options) => call('play', options),
        stats: () => call('stats'),
        color: () => call('color'),
        tone: () => call('tone'),
        async close() {
          await call('hangUp')
          await page.close()
        },
      }
    },
    async close() {
      await browser.close()
      await server.close()
      pages.close()
      pages.closeAllConnections()
    },
  }
}
