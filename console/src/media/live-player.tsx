// Plays the mix as the origin received it: FLV over HTTP through Media Source Extensions.
import { useEffect, useRef, useState } from 'preact/hooks'

const retryMs = 1_500
/** Farther behind than this the player jumps to what is new. */
const mostBehindSec = 3

export function LivePlayer({ url }: { url: string }) {
  const video = useRef<HTMLVideoElement>(null)
  const [state, setState] = useState('loading')
  const [isMuted, setMuted] = useState(true)
  useEffect(() => {
    let stop = (): void => {}
    let isOver = false
    const play = async (): Promise<void> => {
      const { default: mpegts } = await import('mpegts.js')
      const element = video.current
      if (isOver || element === null) return
      if (!mpegts.isSupported()) return setState('this browser cannot play FLV')
      const player = mpegts.createPlayer(
        { type: 'flv', isLive: true, url: new URL(url, location.href).href },
        {
          enableStashBuffer: false,
          liveBufferLatencyChasing: true,
          liveBufferLatencyMaxLatency: mostBehindSec,
          liveBufferLatencyMinRemain: 0.6,
        },
      )
      let retry = 0
      stop = () => {
        clearTimeout(retry)
        player.destroy()
      }
      const again = (): void => {
        setState('waiting for the stream')
        stop()
        retry = window.setTimeout(() => void play(), retryMs)
        stop = () => clearTimeout(retry)
      }
      player.on(mpegts.Events.ERROR, again)
      player.on(mpegts.Events.LOADING_COMPLETE, again)
      player.attachMediaElement(element)
      player.load()
      await element.play().catch(() => {})
    }
    void play()
    return () => {
      isOver = true
      stop()
    }
  }, [url])
  return (
    <figure class="live">
      <video ref={video} muted={isMuted} playsInline autoplay onPlaying={() => setState('playing')} aria-label="The mix, live" />
      <figcaption class="row">
        <span aria-live="polite">{state === 'playing' ? 'Live' : state}</span>
        <button aria-pressed={!isMuted} onClick={() => setMuted(!isMuted)}>
          {isMuted ? 'Sound on' : 'Sound off'}
        </button>
      </figcaption>
    </figure>
  )
}
