// Somebody else in the room, played by WHEP.
import { useEffect, useMemo, useState } from 'preact/hooks'
import { mediaUrl, type Pass, type RoomSnapshot } from '../api.ts'
import { openSession } from './session.ts'
import { StreamView } from './stream-view.tsx'

interface RemoteParticipantProps {
  readonly room: Pick<RoomSnapshot['room'], 'kind' | 'name'>
  readonly userId: string
  readonly pass: Pass
}

export function RemoteParticipant({ room, userId, pass }: RemoteParticipantProps) {
  const stream = useMemo(() => new MediaStream(), [])
  const [state, setState] = useState('connecting')
  useEffect(() => {
    const url = mediaUrl(pass.sdkAppId, room, userId, 'whep')
    const session = openSession({ kind: 'whep', url, userSig: pass.userSig, stream, onState: setState })
    return () => session.close()
  }, [])
  return <StreamView stream={stream} name={userId} state={state} />
}
