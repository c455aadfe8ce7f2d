// One WHIP (RFC 9725) or WHEP session of this browser that comes back by itself when it breaks.

export interface SessionOptions {
  readonly kind: 'whip' | 'whep'
  readonly url: string
  readonly userSig: string
  /** WHIP: what is sent. WHEP: where arriving tracks are put. */
  readonly stream: MediaStream
  /** `connecting`, `connected`, or why it does not work. */
  readonly onState: (state: string) => void
}

const gatheringMs = 1_000
const firstRetryMs = 500
const longestRetryMs = 5_000

/** Opens the session and keeps it open until `close`. */
export function openSession(options: SessionOptions): { close(): void } {
  let isOver = false
  let retryMs = firstRetryMs
  let end: (() => void) | null = null
  const turn = async (): Promise<void> => {
    options.onState('connecting')
    let reason = 'the connection was lost'
    try {
      const connection = new RTCPeerConnection()
      end = () => connection.close()
      const lost = brokenConnection(connection, () => {
        retryMs = firstRetryMs
        options.onState('connected')
      })
      const resource = await negotiate(connection, options)
      end = () => {
        // In this order: the end of the connection would end the session before it can be deleted.
        void fetch(resource, { method: 'DELETE', headers: { Authorization: `Bearer ${options.userSig}` }, keepalive: true })
          .catch(() => {})
          .finally(() => connection.close())
      }
      if (isOver) end()
      await lost
    } catch (error) {
      reason = (error as Error).message
    }
    if (isOver) return
    end?.()
    options.onState(`${reason}; trying again`)
    await new Promise((resolve) => setTimeout(resolve, retryMs))
    retryMs = Math.min(retryMs * 2, longestRetryMs)
    if (!isOver) await turn()
  }
  void turn()
  return {
    close() {
      isOver = true
      end?.()
    },
  }
}

/** Resolves when the connection is of no use any more. */
function brokenConnection(connection: RTCPeerConnection, onConnected: () => void): Promise<void> {
  return new Promise((resolve) => {
    connection.addEventListener('connectionstatechange', () => {
      const state = connection.connectionState
      if (state === 'connected') onConnected()
      // `disconnected` may heal, but entering anew is quicker than waiting for it.
      if (state === 'disconnected' || state === 'failed' || state === 'closed') resolve()
    })
  })
}

async function negotiate(connection: RTCPeerConnection, { kind, url, userSig, stream }: SessionOptions): Promise<string> {
  if (kind === 'whip')
    for (const track of stream.getTracks()) connection.addTransceiver(track, { direction: 'sendonly', streams: [stream] })
  else {
    for (const medium of ['audio', 'video']) connection.addTransceiver(medium, { direction: 'recvonly' })
    for (const track of stream.getTracks()) stream.removeTrack(track)
    connection.addEventListener('track', ({ track }) => stream.addTrack(track))
  }
  await connection.setLocalDescription()
  await gathered(connection)
  const headers = { 'Content-Type': 'application/sdp', Authorization: `Bearer ${userSig}` }
  const answer = await fetch(url, { method: 'POST', headers, body: connection.localDescription?.sdp ?? '' })
  const sdp = await answer.text()
  if (answer.status !== 201) throw new Error(sdp || `the server answered ${answer.status}`)
  await connection.setRemoteDescription({ type: 'answer', sdp })
  return new URL(answer.headers.get('location') ?? url, new URL(url, location.href)).href
}

function gathered(connection: RTCPeerConnection): Promise<void> {
  if (connection.iceGatheringState === 'complete') return Promise.resolve()
  return new Promise((resolve) => {
    setTimeout(resolve, gatheringMs)
    connection.addEventListener('icegatheringstatechange', () => connection.iceGatheringState === 'complete' && resolve())
  })
}
