// Text as a mask of grey values, drawn once by FFmpeg's drawtext with the DejaVu font and blitted from then on.
import { createRequire } from 'node:module'
import { FilterGraph, Frame } from 'node-av'

/** One byte a pixel, 0 is background and 255 ink; no padding between rows. */
export interface TextMask {
  readonly widthPx: number
  readonly heightPx: number
  readonly ink: Uint8Array
}

/** Width of a character of the monospaced font relative to its size. */
export const advanceRatio = 0.602

const fontFile = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono-Bold.ttf')

/**
 * Draws one line of text.
 * @param text letters, digits and `_ - : . space` only, so that nothing needs escaping in a filter graph
 * @param sizePx font size; the mask is even in both directions and a little taller than that
 */
export function textMask(text: string, sizePx: number): TextMask {
  if (!/^[\w\-:. ]+$/.test(text)) throw new Error(`Text of a picture may hold letters, digits and "_-:. " only (got "${text}").`)
  const widthPx = 2 * Math.ceil((text.length * sizePx * advanceRatio) / 2)
  const heightPx = 2 * Math.ceil((sizePx * 1.25) / 2)
  const escaped = text.replaceAll(':', String.raw`\:`)
  const graph = new FilterGraph()
  graph.alloc()
  const frame = new Frame()
  frame.alloc()
  try {
    const drawText = `drawtext=fontfile='${fontFile}':text='${escaped}':fontsize=${sizePx}:fontcolor=white:x=0:y_align=baseline:y=${Math.round(sizePx * 0.95)}`
    check(graph.parsePtr(`color=c=black:s=${widthPx}x${heightPx}:r=1:d=1,format=gray,${drawText},buffersink@out`), 'parse')
    check(graph.configSync(), 'configure')
    check(graph.getFilter('buffersink@out')?.buffersinkGetFrameSync(frame) ?? -1, 'draw')
    const [plane] = frame.data ?? []
    const [strideBytes = 0] = frame.linesize
    if (plane === undefined) throw new Error('drawtext gave no picture.')
    const ink = new Uint8Array(widthPx * heightPx)
    for (let y = 0; y < heightPx; y++) ink.set(plane.subarray(y * strideBytes, y * strideBytes + widthPx), y * widthPx)
    return { widthPx, heightPx, ink }
  } finally {
    frame.free()
    graph.free()
  }
}

function check(code: number, step: string): void {
  if (code < 0) throw new Error(`FFmpeg could not ${step} the text (error ${code}).`)
}
