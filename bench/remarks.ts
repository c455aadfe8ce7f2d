// What the reader of docs/benchmarks.md should know beside the numbers, by figure.

export const remarks: Readonly<Record<string, string>> = {
  'mix-cost':
    'The goals against ffmpeg are not met. Where the CPU of 4 x 720p goes, by profile of 20 s: x264 about two fifths, H.264 decoding three tenths, swscale an eighth, AAC 4 %, Opus 2 %, copying tiles into the canvas 1 %, starting the process 0.15 s. Measured alone, the encoder and one decoder cost the same as on the command line within about a tenth, and both sides scale with swscale, so there is little left to be cheaper with. C reads its pictures from a file, which A does not; that flatters the ratio to it a little.',
  live: 'ffmpeg reads files and writes to /dev/null; the engine reads RTP, keeps jitter buffers and playout clocks, limits sound and publishes RTMP. By profile about a fifth of its time is Node, JavaScript and garbage collection, which could be less. The start of ffmpeg is counted, that of the engine is not. The spare is measured with its sources kept compiled by an earlier start: alone and without that it took 68 MB, and 96 MB in the one start that writes them.',
  rooms:
    'The goal is not met. By profile over half of the time is the kernel, the largest part of it switches between the three threads a packet passes in libdatachannel and Node (socket, DTLS-SRTP pool, event loop); Node is about a fifth, libdatachannel a tenth, our compiled JavaScript 3 to 5 %.',
}
