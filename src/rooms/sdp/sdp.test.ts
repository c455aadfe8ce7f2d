import { expect, test } from 'vitest'
import { SessionRefused } from '../session-refused.ts'
import { writeAnswer, type LocalIce } from './answer.ts'
import { matchingCodec, usableCodecs } from './codecs.ts'
import { parseIceFragment } from './ice-fragment.ts'
import { parseOffer } from './offer.ts'

const offer = `v=0
o=- 1 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1 2
a=fingerprint:sha-256 AA:BB
m=audio 9 UDP/TLS/RTP/SAVPF 111 63
c=IN IP4 0.0.0.0
a=candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host
a=ice-ufrag:frag
a=ice-pwd:word
a=setup:actpass
a=mid:0
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=sendonly
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 104 105
c=IN IP4 0.0.0.0
a=ice-ufrag:frag
a=ice-pwd:word
a=mid:1
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:10/recvonly urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
a=sendonly
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 nack
a=rtcp-fb:96 goog-remb
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=rtpmap:104 H264/90000
a=fmtp:104 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42001f
a=rtpmap:102 H264/90000
a=rtcp-fb:* nack pli
a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=64001f
a=rtpmap:103 rtx/90000
a=fmtp:103 apt=102
a=ssrc-group:FID 1000 1001
a=ssrc:1000 cname:x
a=ssrc:1001 cname:x
a=rid:h send
a=rid:l send
a=simulcast:send h;l
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=mid:2
`.replaceAll('\n', '\r\n')

test('an offer is read whole: transport, codecs, extensions, repairs, layers', () => {
  const { ice, candidates, media } = parseOffer(offer)
  expect(ice).toEqual({ usernameFragment: 'frag', password: 'word', fingerprint: 'sha-256 AA:BB', setup: 'actpass' })
  expect(candidates).toEqual(['candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host'])
  expect(media.map(({ kind, mid, direction }) => [kind, mid, direction])).toEqual([
    ['audio', '0', 'sendonly'],
    ['video', '1', 'sendonly'],
    ['application', '2', 'sendrecv'],
  ])
  const [audio, video] = media
  expect(audio?.codecs[0]).toEqual({
    payloadType: 111,
    name: 'opus',
    clockRateHz: 48_000,
    channels: '2',
    parameters: 'minptime=10;useinbandfec=1',
    feedback: ['transport-cc'],
  })
  expect(video?.codecs.find(({ payloadType }) => payloadType === 96)?.feedback).toEqual(['nack', 'goog-remb', 'nack pli'])
  expect([...video!.extensions]).toEqual([
    ['urn:ietf:params:rtp-hdrext:sdes:mid', 4],
    ['urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id', 10],
  ])
  expect([...video!.repairs]).toEqual([[1001, 1000]])
  expect([video!.ssrcs, video!.rids]).toEqual([
    [1000, 1001],
    ['h', 'l'],
  ])
})

test('H.264 is preferred, with packetization mode 1 first, each with its retransmission format', () => {
  const [audio, video, data] = parseOffer(offer).media
  expect(usableCodecs(video!).map(({ codec, format, rtx }) => [codec, format.payloadType, rtx?.payloadType])).toEqual([
    ['h264', 102, 103],
    ['h264', 104, undefined],
    ['vp8', 96, 97],
  ])
  expect(usableCodecs(audio!).map(({ format }) => format.payloadType)).toEqual([111])
  expect(usableCodecs(data!)).toEqual([])
})

test('a viewer gets the format of the same profile and mode, whatever the level, else of the same codec', () => {
  const codecs = usableCodecs(parseOffer(offer).media[1]!)
  const match = (codec: 'h264' | 'vp8' | 'opus', parameters: string) => matchingCodec(codecs, { codec, parameters })?.format.payloadType
  expect(match('h264', 'packetization-mode=0;profile-level-id=420028')).toBe(104)
  expect(match('h264', 'packetization-mode=1;profile-level-id=640033')).toBe(102)
  expect(match('h264', 'packetization-mode=1;profile-level-id=4d001f')).toBe(102)
  expect(match('vp8', '')).toBe(96)
  expect(match('opus', '')).toBeUndefined()
})

test('the answer takes what was chosen and refuses the rest', () => {
  const ice: LocalIce = {
    usernameFragment: 'u',
    password: 'p',
    fingerprint: 'sha-256 CC',
    setup: 'active',
    candidates: ['candidate:1 1 UDP 1 192.0.2.9 8443 typ host'],
  }
  const [audio, video, data] = parseOffer(offer).media
  const feedback = ['nack', 'nack pli', 'transport-cc']
  const extensions = ['urn:ietf:params:rtp-hdrext:sdes:mid', 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id']
  const answer = writeAnswer(
    ice,
    [
      { offered: audio!, codecs: usableCodecs(audio!), direction: 'recvonly', feedback, extensions },
      { offered: video!, codecs: usableCodecs(video!).slice(0, 1), direction: 'recvonly', feedback, extensions },
      { offered: data!, codecs: [], direction: 'recvonly', feedback, extensions },
    ],
    7,
  )
  const [session, first, second, third] = answer.split('\r\nm=')
  expect(session).toContain('a=group:BUNDLE 0 1\r\n')
  expect(first).toMatch(/^audio 9 UDP\/TLS\/RTP\/SAVPF 111\r\n/)
  expect(first).toContain('a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=fmtp:111 minptime=10;useinbandfec=1')
  for (const line of [
    'a=candidate:1 1 UDP 1 192.0.2.9 8443 typ host',
    'a=ice-ufrag:u',
    'a=fingerprint:sha-256 CC',
    'a=setup:active',
    'a=recvonly',
    'a=rtcp-mux',
  ])
    expect(first).toContain(`\r\n${line}\r\n`)
  expect(second).toMatch(/^video 9 UDP\/TLS\/RTP\/SAVPF 102 103\r\n/)
  expect(second).toContain('a=rtcp-fb:102 nack pli\r\n')
  expect(second).not.toContain('rtcp-fb:103')
  expect(second).toContain('a=rid:h recv\r\na=rid:l recv\r\na=simulcast:recv h;l')
  expect(third).toMatch(/^application 0 UDP\/DTLS\/SCTP webrtc-datachannel\r\n/)
  expect(third).toContain('a=inactive')
})

test.each([
  ['hello', 'SDP offer must begin with v=0.'],
  ['v=0\r\ns=-\r\n', 'SDP offer must have a media section.'],
  [offer.replaceAll(/a=ice-pwd.*\r\n/g, ''), 'SDP offer must have a=ice-pwd.'],
  [offer.replaceAll(/a=fingerprint.*\r\n/g, ''), 'SDP offer must have a=fingerprint.'],
  ['v'.repeat(200_001), 'SDP offer must be at most 200000 characters (got 200001).'],
])('broken offer %#', (sdp, message) => {
  expect(() => parseOffer(sdp)).toThrow(new SessionRefused('bad-offer', message))
})

test('a trickled fragment gives its candidates and says whose they are', () => {
  expect(
    parseIceFragment(
      'a=ice-ufrag:frag\r\na=ice-pwd:word\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\na=end-of-candidates\r\n',
    ),
  ).toEqual({
    usernameFragment: 'frag',
    candidates: ['candidate:1 1 udp 1 192.0.2.1 9 typ host'],
  })
  expect(parseIceFragment('a=end-of-candidates')).toEqual({ usernameFragment: null, candidates: [] })
})
