// Entering a room with camera and microphone, and seeing everybody else in it.
import { useEffect, useRef, useState } from 'preact/hooks'
import { getPass, getRooms, mediaUrl, type Pass } from '../api.ts'
import { openSession } from '../media/session.ts'
import { RemoteParticipant } from '../media/remote-participant.tsx'
import { StreamView } from '../media/stream-view.tsx'
import { usePoll } from '../use-poll.ts'
import { Notice } from './notice.tsx'

interface Joined {
  readonly room: { readonly kind: 'number'; readonly name: string }
  readonly userId: string
  readonly pass: Pass
  readonly stream: MediaStream
}

export function JoinPage({ room }: { room: string }) {
  const [joined, setJoined] = useState<Joined | null>(null)
  const [error, setError] = useState<string | null>(null)
  const join = async (form: HTMLFormElement): Promise<void> => {
    setError(null)
    const typed = (name: string): string => (form.elements.namedItem(name) as HTMLInputElement).value
    const userId = typed('userId')
    try {
      const pass = await getPass(userId)
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720, frameRate: 30 }, audio: true })
      setJoined({ room: { kind: 'number', name: typed('room') }, userId, pass, stream })
    } catch (reason) {
      setError(explain(reason as Error))
    }
  }
  if (joined !== null) return <InRoom joined={joined} onLeave={() => setJoined(null)} />
  return (
    <>
      <h1>Join a room</h1>
      <Notice error={error} empty={null} />
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault()
          void join(event.currentTarget)
        }}
      >
        <label>
          Room number
          <input name="room" required inputMode="numeric" pattern="[1-9][0-9]{0,9}" defaultValue={room === '' ? '295066' : room} />
        </label>
        <label>
          Your name
          <input
            name="userId"
            required
            pattern="[A-Za-z0-9_\-]{1,32}"
            defaultValue={`guest-${Math.floor(Math.random() * 900 + 100)}`}
            autocomplete="off"
          />
        </label>
        <button>Join with camera and microphone</button>
        <p class="quiet">Browsers give camera and microphone to pages at localhost or behind HTTPS only.</p>
      </form>
    </>
  )
}

const explain = (error: Error): string =>
  error.name === 'NotAllowedError' ? 'The browser was not allowed to use camera and microphone.' : error.message || error.name

function InRoom({ joined, onLeave }: { joined: Joined; onLeave: () => void }) {
  const { room, userId, pass, stream } = joined
  const { value } = usePoll(getRooms)
  const [state, setState] = useState('connecting')
  const [tracksOn, setTracksOn] = useState({ audio: true, video: true })
  const leave = useRef(onLeave)
  useEffect(() => {
    const session = openSession({
      kind: 'whip',
      url: mediaUrl(pass.sdkAppId, room, userId, 'whip'),
      userSig: pass.userSig,
      stream,
      onState: setState,
    })
    return () => {
      session.close()
      for (const track of stream.getTracks()) track.stop()
    }
  }, [])
  const toggle = (kind: 'audio' | 'video'): void => {
    const isOn = !tracksOn[kind]
    for (const track of kind === 'audio' ? stream.getAudioTracks() : stream.getVideoTracks()) track.enabled = isOn
    setTracksOn({ ...tracksOn, [kind]: isOn })
  }
  const others =
    value?.rooms
      .find((candidate) => candidate.room.appId === pass.sdkAppId && candidate.room.kind === room.kind && candidate.room.name === room.name)
      ?.participants.filter((participant) => participant.userId !== userId && !participant.isRobot && participant.tracks.length > 0) ?? []
  return (
    <>
      <div class="row">
        <h1>Room {room.name}</h1>
        <span>
          <button aria-pressed={!tracksOn.audio} onClick={() => toggle('audio')}>
            {tracksOn.audio ? 'Mute' : 'Unmute'}
          </button>{' '}
          <button aria-pressed={!tracksOn.video} onClick={() => toggle('video')}>
            {tracksOn.video ? 'Camera off' : 'Camera on'}
          </button>{' '}
          <button class="bad" onClick={() => leave.current()}>
            Leave
          </button>
        </span>
      </div>
      <div class="tiles">
        <StreamView stream={stream} name={`${userId} (you)`} state={state} isMuted isMirrored />
        {others.map((participant) => (
          <RemoteParticipant room={room} userId={participant.userId} pass={pass} key={`${participant.userId} ${participant.joinedAt}`} />
        ))}
      </div>
    </>
  )
}
