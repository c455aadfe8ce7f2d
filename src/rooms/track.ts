// One track of a participant: its simulcast layers and those who receive it.
import type { TrackCodec, TrackKind } from '../feed/messages.ts'
import type { UserRef } from '../mix/room.ts'
import type { RtpPacket } from '../rtp/packet.ts'
import type { Forwarder } from './forwarder.ts'
import type { IncomingStream } from './incoming-stream.ts'

export interface TrackOptions {
  readonly user: UserRef
  readonly kind: TrackKind
  readonly codec: TrackCodec
  readonly clockRateHz: number
  /** Negotiated fmtp parameters, which receivers must match. */
  readonly parameters: string
}

export class Track {
  readonly user: UserRef
  readonly kind: TrackKind
  readonly codec: TrackCodec
  readonly clockRateHz: number
  readonly parameters: string
  readonly #layers: IncomingStream[] = []
  #forwarders: readonly Forwarder[] = []

  constructor(options: TrackOptions) {
    this.user = options.user
    this.kind = options.kind
    this.codec = options.codec
    this.clockRateHz = options.clockRateHz
    this.parameters = options.parameters
  }

  /** In order of their first packets. */
  get layers(): readonly IncomingStream[] {
    return this.#layers
  }

  get bitRateKbps(): number {
    return this.#layers.reduce((sum, layer) => sum + layer.bitRateKbps, 0)
  }

  get packetsLost(): number {
    return this.#layers.reduce((sum, layer) => sum + layer.packetsLost, 0)
  }

  addLayer(layer: IncomingStream): void {
    this.#layers.push(layer)
  }

  addForwarder(forwarder: Forwarder): void {
    this.#forwarders = [...this.#forwarders, forwarder]
  }

  removeForwarder(forwarder: Forwarder): void {
    this.#forwarders = this.#forwarders.filter((other) => other !== forwarder)
  }

  /** Hands a new packet of one layer to all receivers. */
  packetArrived(layer: IncomingStream, packet: RtpPacket, place: number, nowMs: number): void {
    for (const forwarder of this.#forwarders) forwarder.receive(layer, packet, place, nowMs)
  }

  senderReportArrived(layer: IncomingStream): void {
    for (const forwarder of this.#forwarders) forwarder.senderReported(layer)
  }
}
