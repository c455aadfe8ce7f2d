// The page Chromium runs in tests: publishes generated media by WHIP, plays by WHEP.

export const rtcPage = `<!doctype html><title>rtc</title><body><video autoplay muted playsinline></video><script>
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const video = document.querySelector('video')
let peer = null
const listening = new AudioContext({ sampleRate: 48000 })
const analyser = new AnalyserNode(listening, { fftSize: 8192 })

function pictureTrack({ widthPx = 1280, heightPx = 720, fps = 30, color, noisePx = 0 }) {
  const canvas = Object.assign(document.createElement('canvas'), { width: widthPx, height: heightPx })
  const context = canvas.getContext('2d')
  const tile = context.createImageData(256, 256)
  const noise = () => { const words = new Uint32Array(tile.data.buffer); for (let i = 0; i < words.length; i++) words[i] = 0xff000000 | (Math.random() * 0xffffff) }
  noise()
  const tiles = document.createElement('canvas'); tiles.width = tiles.height = 256; tiles.getContext('2d').putImageData(tile, 0, 0)
  let frame = 0
  setInterval(() => {
    frame += 1
    if (color) { context.fillStyle = color; context.fillRect(0, 0, widthPx, heightPx) }
    if (color && noisePx) context.drawImage(tiles, (frame * 7) % 64, (frame * 5) % 64, noisePx, noisePx, 0, 0, noisePx, noisePx)
    if (!color) {
      context.fillStyle = context.createPattern(tiles, 'repeat')
      const dx = (frame * 7) % 256, dy = (frame * 5) % 256
      context.setTransform(1, 0, 0, 1, dx - 256, dy - 256); context.fillRect(0, 0, widthPx + 256, heightPx + 256); context.setTransform(1, 0, 0, 1, 0, 0)
    }
    // Something moves, so that every frame is a new one.
    context.fillStyle = frame % 2 ? '#fff' : '#000'; context.fillRect((frame * 8) % widthPx, heightPx - 16, 16, 16)
  }, 1000 / fps)
  return canvas.captureStream(fps).getVideoTracks()[0]
}

function soundTrack(hz) {
  const audio = new AudioContext({ sampleRate: 48000 })
  const oscillator = new OscillatorNode(audio, { frequency: hz }), gain = new GainNode(audio, { gain: 0.3 }), out = audio.createMediaStreamDestination()
  oscillator.connect(gain).connect(out); oscillator.start(); audio.resume()
  return out.stream.getAudioTracks()[0]
}

async function negotiate({ url, userSig, proxyPort }) {
  await peer.setLocalDescription()
  await Promise.race([sleep(2000), new Promise((resolve) => { const check = () => peer.iceGatheringState === 'complete' && resolve(); peer.onicegatheringstatechange = check; check() })])
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/sdp', authorization: 'Bearer ' + userSig }, body: peer.localDescription.sdp })
  if (response.status !== 201) throw new Error(response.status + ' ' + await response.text())
  let sdp = await response.text()
  if (proxyPort) sdp = sdp.replace(/(a=candidate:\\S+ 1 UDP \\d+) \\S+ \\d+/gi, '$1 127.0.0.1 ' + proxyPort)
  await peer.setRemoteDescription({ type: 'answer', sdp })
  for (let waited = 0; peer.connectionState !== 'connected'; waited += 50) {
    if (peer.connectionState === 'failed' || waited > 10000) throw new Error('not connected: ' + peer.connectionState)
    await sleep(50)
  }
  return { location: response.headers.get('location') }
}

window.publish = async (options) => {
  peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
  const stream = new MediaStream()
  if (options.toneHz !== 0) peer.addTransceiver(soundTrack(options.toneHz || 440), { direction: 'sendonly', streams: [stream] })
  const max = (options.maxKbps || 2500) * 1000
  const layers = [{ rid: 'l', scaleResolutionDownBy: 4, maxBitrate: 150000 }, { rid: 'm', scaleResolutionDownBy: 2, maxBitrate: 500000 }, { rid: 'h', maxBitrate: max }]
  const sender = peer.addTransceiver(pictureTrack(options), { direction: 'sendonly', streams: [stream], sendEncodings: options.simulcast ? layers : [{ maxBitrate: max }] })
  const parameters = sender.sender.getParameters()
  await sender.sender.setParameters({ ...parameters, degradationPreference: 'maintain-resolution' })
  const codecs = RTCRtpSender.getCapabilities('video').codecs
  const wanted = codecs.filter(({ mimeType }) => mimeType.toLowerCase() === 'video/' + options.codec)
  if (wanted.length === 0) throw new Error('no ' + options.codec)
  sender.setCodecPreferences([...wanted, ...codecs.filter(({ mimeType }) => /rtx/i.test(mimeType))])
  return negotiate(options)
}

window.play = async (options) => {
  peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
  const stream = new MediaStream()
  peer.addTransceiver('audio', { direction: 'recvonly' })
  peer.addTransceiver('video', { direction: 'recvonly' })
  peer.ontrack = ({ track }) => {
    stream.addTrack(track)
    video.srcObject = stream
    if (track.kind === 'audio') { new MediaStreamAudioSourceNode(listening, { mediaStream: new MediaStream([track]) }).connect(analyser).connect(listening.destination); listening.resume() }
  }
  return negotiate(options)
}

window.hangUp = () => peer?.close()

window.stats = async () => {
  const stats = { state: peer.connectionState, availableOutgoingKbps: 0, sent: [], received: null, receivedAudio: null }
  const report = await peer.getStats()
  report.forEach((x) => {
    if (x.type === 'outbound-rtp' && x.kind === 'video') stats.sent.push({ rid: x.rid || '', widthPx: x.frameWidth || 0, heightPx: x.frameHeight || 0, bytes: x.bytesSent, packets: x.packetsSent, retransmitted: x.retransmittedPacketsSent || 0, frames: x.framesEncoded || 0, keyFrames: x.keyFramesEncoded || 0, nacks: x.nackCount || 0, plis: x.pliCount || 0 })
    if (x.type === 'inbound-rtp' && x.kind === 'video') stats.received = { widthPx: x.frameWidth || 0, heightPx: x.frameHeight || 0, framesDecoded: x.framesDecoded, framesDropped: x.framesDropped, keyFrames: x.keyFramesDecoded, packetsLost: x.packetsLost, freezes: x.freezeCount, freezeSec: x.totalFreezesDuration, codec: report.get(x.codecId)?.mimeType || '' }
    if (x.type === 'inbound-rtp' && x.kind === 'audio') stats.receivedAudio = { packets: x.packetsReceived, packetsLost: x.packetsLost, energy: x.totalAudioEnergy }
    if (x.type === 'candidate-pair' && x.nominated) stats.availableOutgoingKbps = (x.availableOutgoingBitrate || 0) / 1000
  })
  return stats
}

window.tone = async () => {
  const bins = new Float32Array(analyser.frequencyBinCount)
  analyser.getFloatFrequencyData(bins)
  const peak = bins.indexOf(Math.max(...bins))
  return { hz: (peak * 48000) / analyser.fftSize, db: bins[peak] }
}

window.color = async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 16, height: 16 }), context = canvas.getContext('2d')
  context.drawImage(video, video.videoWidth / 2 - 8, video.videoHeight / 2 - 8, 16, 16, 0, 0, 16, 16)
  const { data } = context.getImageData(0, 0, 16, 16), sum = [0, 0, 0]
  for (let i = 0; i < data.length; i += 4) for (let c = 0; c < 3; c++) sum[c] += data[i + c] / 256
  return sum.map(Math.round)
}
</script>`
