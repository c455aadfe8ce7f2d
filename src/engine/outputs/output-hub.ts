// All outputs of a task: brings packets into order, makes them into tags once, and hands them to every destination.
import type { OutputSpec } from '../../mix/mix-spec.ts'
import type { OutputStats, OutputStatus } from '../ipc.ts'
import type { AudioConfig, EncodedPacket, VideoConfig } from '../media.ts'
import { flvBody, flvHeaders, type FlvHeaders } from './flv.ts'
import { GopCache } from './gop-cache.ts'
import { Interleaver } from './interleaver.ts'
import { RtmpOutput, type RtmpOutputOptions } from './rtmp-output.ts'

export interface OutputHubOptions extends Pick<RtmpOutputOptions, 'onStatus' | 'now' | 'random' | 'timing' | 'tls'> {}

export class OutputHub {
  readonly #options: OutputHubOptions
  readonly #outputs = new Map<string, RtmpOutput>()
  readonly #closing = new Set<Promise<void>>()
  readonly #gop = new GopCache()
  /** Headers by the packet they begin with, for packets that wait to be put in order. */
  readonly #headersFrom = new WeakMap<EncodedPacket, FlvHeaders>()
  #interleaver = new Interleaver(false)
  #hasVideo = false
  #nextHeaders: FlvHeaders | null = null
  #headers: FlvHeaders | null = null
  #lastTimestampMs = 0
  #index = 0
  #isPaused = false
  #closed: Promise<void> | null = null

  constructor(options: OutputHubOptions) {
    this.#options = options
  }

  /** Opens outputs for new URLs, closes those of missing ones, leaves the others alone; while paused none is connected. */
  setOutputs(specs: readonly OutputSpec[], isPaused = false): void {
    if (this.#closed !== null) return
    this.#isPaused = isPaused
    const wanted = new Set(specs.map((spec) => spec.url))
    for (const [url, output] of this.#outputs) if (!wanted.has(url)) this.#remove(url, output)
    for (const url of wanted) if (!this.#outputs.has(url)) this.#add(url)
    for (const output of this.#outputs.values()) output.setPaused(isPaused)
  }

  /**
   * Says what the packets to come are; before the first packet, and again before the first packet of
   * a new encoder. Takes effect with the next key frame; connections stay up and get new headers then.
   */
  configure(video: VideoConfig | null, audio: AudioConfig): void {
    this.#nextHeaders = flvHeaders(video, audio)
    if ((video !== null) === this.#hasVideo) return
    for (const packet of this.#interleaver.drain()) this.#distribute(packet)
    this.#hasVideo = video !== null
    this.#interleaver = new Interleaver(this.#hasVideo)
  }

  /**
   * Takes a packet; never waits.
   * @returns whether any output has sent media by now
   */
  send(packet: EncodedPacket): boolean {
    if (this.#nextHeaders !== null && this.#isStart(packet)) {
      this.#headersFrom.set(packet, this.#nextHeaders)
      this.#nextHeaders = null
    }
    for (const next of this.#interleaver.push(packet)) this.#distribute(next)
    return this.#outputs.values().some((output) => output.hasSent)
  }

  /** In the order of the spec. */
  stats(): OutputStats[] {
    return Array.from(this.#outputs.values(), (output) => output.stats())
  }

  /** Sends what is left and takes leave of every server; idempotent. */
  close(): Promise<void> {
    return (this.#closed ??= this.#close())
  }

  async #close(): Promise<void> {
    for (const packet of this.#interleaver.drain()) this.#distribute(packet)
    for (const [url, output] of this.#outputs) this.#remove(url, output)
    await Promise.all(this.#closing)
  }

  #add(url: string): void {
    const output: RtmpOutput = new RtmpOutput({
      ...this.#options,
      url,
      isPaused: this.#isPaused,
      gop: () => this.#gop.tags(),
      onStatus: (status) => this.#report(status, () => output),
    })
    this.#outputs.set(url, output)
  }

  #remove(url: string, output: RtmpOutput): void {
    this.#outputs.delete(url)
    const closing = output.close().finally(() => this.#closing.delete(closing))
    this.#closing.add(closing)
  }

  /** An output on its way out is silent once another has taken its URL. */
  #report(status: OutputStatus, from: () => RtmpOutput): void {
    const current = this.#outputs.get(status.url)
    if (current === undefined || current === from()) this.#options.onStatus(status)
  }

  /** A receiver may start at a key frame, or anywhere in a stream without picture. */
  #isStart(packet: EncodedPacket): boolean {
    return this.#hasVideo ? packet.kind === 'video' && packet.isKeyFrame : true
  }

  #distribute(packet: EncodedPacket): void {
    this.#headers = this.#headersFrom.get(packet) ?? this.#headers
    if (this.#headers === null) return
    // Players and servers expect time to stand still rather than go back.
    this.#lastTimestampMs = Math.max(this.#lastTimestampMs, Math.round(packet.timestampMs))
    const tag = {
      kind: packet.kind,
      body: flvBody(packet),
      timestampMs: this.#lastTimestampMs,
      isStart: this.#isStart(packet),
      index: this.#index++,
      headers: this.#headers,
    }
    this.#gop.push(tag)
    for (const output of this.#outputs.values()) output.send(tag)
  }
}
