// Who is in which room and sends what.
import { getRooms } from '../api.ts'
import { usePoll } from '../use-poll.ts'
import { instant, roomName } from '../words.ts'
import { Notice } from './notice.tsx'

export function RoomsPage() {
  const { value, error } = usePoll(getRooms)
  return (
    <>
      <h1>Rooms</h1>
      <Notice error={error} empty={value?.rooms.length === 0 ? 'Nobody is in any room.' : null} />
      {value?.rooms.map(({ room, participants }) => (
        <section class="card" key={`${room.appId} ${room.kind} ${room.name}`}>
          <div class="row">
            <h2>Room {roomName(room)}</h2>
            {room.kind === 'number' && (
              <a class="button" href={`#/join/${room.name}`}>
                Join
              </a>
            )}
          </div>
          <ul class="people">
            {participants.map((participant) => (
              <li key={participant.userId}>
                <strong>{participant.userId}</strong> {participant.isRobot && <span class="badge quiet">robot</span>}{' '}
                <span class="quiet">since {instant(participant.joinedAt)}</span>
                <span class="figures">
                  {participant.tracks.map((track) => `${track.kind} ${track.codec} ${Math.round(track.bitRateKbps)} kbps`).join(' · ')}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}
