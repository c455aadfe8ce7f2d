// A participant's picture with name and state.
import { useEffect, useRef } from 'preact/hooks'

interface StreamViewProps {
  readonly stream: MediaStream
  readonly name: string
  readonly state: string
  readonly isMuted?: boolean
  readonly isMirrored?: boolean
}

export function StreamView({ stream, name, state, isMuted = false, isMirrored = false }: StreamViewProps) {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (video.current !== null) video.current.srcObject = stream
  }, [stream])
  return (
    <figure>
      <video ref={video} autoplay playsInline muted={isMuted} class={isMirrored ? 'mirrored' : ''} aria-label={`Picture of ${name}`} />
      <figcaption>
        {name} {state !== 'connected' && <span class="quiet">{state}</span>}
      </figcaption>
    </figure>
  )
}
