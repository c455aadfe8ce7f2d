// ICE, DTLS and SRTP of one peer by libdatachannel. All peers share one UDP port. RTP and RTCP pass as they are.
// The library is given an offer with a single m-line, whatever the peer offered: with several it would sort
// packets by SSRC, which simulcast peers do not announce.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIP } from 'node:net'
import datachannel from 'node-datachannel'
import { SessionRefused } from './session-refused.ts'
import type { LocalIce } from './sdp/answer.ts'
import type { RemoteIce } from './sdp/offer.ts'

/** What a session does with its transport's news. */
export interface TransportHandler {
  /** RTP or RTCP, decrypted; the buffer is the handler's. */
  packet(buffer: Buffer): void
  connected(): void
  /** The peer is gone or never came; nothing follows. */
  closed(): void
}

export interface Transport {
  readonly local: LocalIce
  /** Sends RTP or RTCP; dropped unless connected. */
  send(packet: Buffer): void
  addCandidate(candidate: string): void
  close(): void
}

export interface TransportSettings {
  readonly rtcPort: number
  readonly bindAddress: string
  readonly advertisedAddresses: readonly string[]
  readonly certificate: { readonly certificatePemFile: string; readonly keyPemFile: string }
}

/** Makes a peer's transport; `remote` comes from its offer. */
export type TransportFactory = (remote: RemoteIce, candidates: readonly string[], handler: TransportHandler) => Promise<Transport>

const GATHERING_DEADLINE_MS = 2_000
let transports = 0

/** The factory of all peers of this process; `rtcPort` 0 takes a free port. */
export async function createTransportFactory(settings: TransportSettings): Promise<TransportFactory> {
  // Without a listener the native side refuses the call.
  datachannel.initLogger('Fatal', () => {})
  const port = await freeUdpPort(settings.bindAddress, settings.rtcPort)
  return (remote, candidates, handler) => connect({ ...settings, rtcPort: port }, remote, candidates, handler)
}

async function connect(
  settings: TransportSettings,
  remote: RemoteIce,
  candidates: readonly string[],
  handler: TransportHandler,
): Promise<Transport> {
  const peer = new datachannel.PeerConnection(`peer-${++transports}`, {
    iceServers: [],
    ...settings.certificate,
    disableAutoNegotiation: true,
    forceMediaTransport: true,
    enableIceUdpMux: true,
    portRangeBegin: settings.rtcPort,
    portRangeEnd: settings.rtcPort,
    ...(settings.bindAddress === '0.0.0.0' ? {} : { bindAddress: settings.bindAddress }),
  })
  // The reference keeps the track from being collected, which would silence it.
  let track: InstanceType<typeof datachannel.Track> | null = null
  let isConnected = false
  let isClosed = false
  const close = (): void => {
    if (isClosed) return
    isClosed = true
    isConnected = false
    track?.close()
    peer.close()
  }
  peer.onTrack((added) => {
    track = added
    added.onMessage((message) => {
      if (isClosed) return
      try {
        handler.packet(message)
      } catch (error) {
        // What is thrown into the native side ends the process: it costs the peer that sent the packet instead.
        console.error(error)
        close()
        handler.closed()
      }
    })
  })
  peer.onStateChange((state) => {
    if (isClosed) return
    if (state === 'connected') {
      isConnected = true
      handler.connected()
    } else if (endStates.has(state)) {
      close()
      handler.closed()
    }
  })
  const { promise: gathered, resolve } = Promise.withResolvers<void>()
  peer.onGatheringStateChange((state) => {
    if (state === 'complete') resolve()
  })
  const deadline = setTimeout(resolve, GATHERING_DEADLINE_MS)
  try {
    peer.setRemoteDescription(singleMediaOffer(remote), 'offer')
    peer.setLocalDescription('answer')
    await gathered
  } catch (error) {
    close()
    throw new SessionRefused(
      'bad-offer',
      `ICE or DTLS parameters of the SDP offer cannot be used: ${error instanceof Error ? error.message : String(error)}.`,
    )
  } finally {
    clearTimeout(deadline)
  }
  const addCandidate = (candidate: string): void => {
    // Names (mDNS) would have to be looked up; such peers are found by their own checks.
    if (isClosed || isIP(candidate.split(' ')[4] ?? '') === 0) return
    peer.addRemoteCandidate(candidate, '0')
  }
  for (const candidate of candidates) addCandidate(candidate)
  return {
    local: readLocal(peer.localDescription()?.sdp ?? '', settings),
    send(packet) {
      if (!isConnected) return
      try {
        track?.sendMessageBinary(packet)
      } catch {
        // The peer closed a moment ago; its state change is on its way.
      }
    },
    addCandidate,
    close,
  }
}

/** `disconnected` means that consent (RFC 7675) was not renewed: the peer is gone, and will publish again if it returns. */
const endStates = new Set(['disconnected', 'failed', 'closed'])

const singleMediaOffer = ({ usernameFragment, password, fingerprint, setup }: RemoteIce): string =>
  [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'a=msid-semantic: WMS *',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    `a=ice-ufrag:${usernameFragment}`,
    `a=ice-pwd:${password}`,
    'a=ice-options:trickle',
    `a=fingerprint:${fingerprint}`,
    `a=setup:${setup}`,
    'a=rtpmap:96 VP8/90000',
    '',
  ].join('\r\n')

function readLocal(sdp: string, { rtcPort, bindAddress, advertisedAddresses }: TransportSettings): LocalIce {
  const value = (name: string): string => sdp.match(new RegExp(`^a=${name}:(.*)$`, 'm'))?.[1]?.trim() ?? ''
  const gathered = [...new Set([...sdp.matchAll(/^a=(candidate:.*)$/gm)].map((match) => match[1]!.trim()))].filter(
    (candidate) => isIP(candidate.split(' ')[4] ?? '') !== 0,
  )
  // libjuice gathers no loopback address.
  const isLoopbackOpen = bindAddress === '0.0.0.0' || bindAddress.startsWith('127.')
  const loopback = isLoopbackOpen ? [hostCandidate(bindAddress === '0.0.0.0' ? '127.0.0.1' : bindAddress, rtcPort, 1)] : []
  const own = gathered.filter((candidate) => !loopback.some((other) => other.split(' ')[4] === candidate.split(' ')[4]))
  return {
    usernameFragment: value('ice-ufrag'),
    password: value('ice-pwd'),
    fingerprint: value('fingerprint'),
    setup: value('setup'),
    candidates:
      advertisedAddresses.length === 0
        ? [...own, ...loopback]
        : advertisedAddresses.map((address, index) => hostCandidate(address, rtcPort, 100 - index)),
  }
}

/** RFC 8445 section 5.1.2.1 with type preference 126. */
const hostCandidate = (address: string, port: number, localPreference: number): string =>
  `candidate:${localPreference} 1 UDP ${2 ** 24 * 126 + 256 * localPreference + 255} ${address} ${port} typ host`

/** Rejects when the port is taken, which libdatachannel would not say. */
async function freeUdpPort(address: string, wanted: number): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(wanted, address)
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}
