import { expect, test } from 'vitest'
import { TransportFeedback } from './transport-feedback.ts'

/** Arrivals as [sequence number, milliseconds]. */
const feedback = (receiver: TransportFeedback, ...arrivals: [number, number][]): string[] => {
  for (const [sequenceNumber, atMs] of arrivals) receiver.add(sequenceNumber, atMs)
  return receiver.report(1, 2).map((packet) => packet.toString('hex'))
}
const head = (words: number, padded = false): string => `${padded ? 'af' : '8f'}cd${words.toString(16).padStart(4, '0')}0000000100000002`

test('nothing arrived, nothing is reported', () => {
  expect(feedback(new TransportFeedback())).toEqual([])
})

test('three packets in a row: one run of small deltas', () => {
  // 128 ms is reference 2; deltas 1 ms = 4 units, 2 ms = 8, 0.
  const packets = feedback(new TransportFeedback(), [10, 129], [11, 131], [12, 131])
  expect(packets).toEqual([`${head(6, true)} 000a 0003 000002 00 2003 04 08 00 000003`.replaceAll(' ', '')])
})

test('a gap becomes a vector of one-bit symbols', () => {
  // 5 and 8 arrived: symbols 1 0 0 1.
  const packets = feedback(new TransportFeedback(), [5, 64], [8, 65])
  expect(packets).toEqual([`${head(5)} 0005 0004 000001 00 a400 00 04`.replaceAll(' ', '')])
})

test('a long gap in time becomes a large delta and two-bit symbols', () => {
  // 100 ms = 400 units does not fit eight bits: symbols 1 2.
  const packets = feedback(new TransportFeedback(), [5, 64], [6, 164])
  expect(packets).toEqual([`${head(6, true)} 0005 0002 000001 00 d800 00 0190 000003`.replaceAll(' ', '')])
})

test('the line runs over the wrap and the next report begins where the last one ended', () => {
  const receiver = new TransportFeedback()
  const packets = feedback(receiver, [65_534, 64], [65_535, 64], [0, 64])
  expect(packets).toEqual([`${head(6, true)} fffe 0003 000001 00 2003 00 00 00 000003`.replaceAll(' ', '')])
  // 1 is missing: base 1, symbols 0 1, second report.
  expect(feedback(receiver, [2, 128])).toEqual([`${head(5, true)} 0001 0002 000002 01 9000 00 01`.replaceAll(' ', '')])
})

test('reordered packets give a negative delta, duplicates are told once', () => {
  // 7 came 2 ms after 8, then again: in order of sequence numbers the deltas are 0, 2 ms = 8 units and -8.
  const packets = feedback(new TransportFeedback(), [6, 64], [8, 64], [7, 66], [7, 90])
  expect(packets).toEqual([`${head(6, true)} 0006 0003 000001 00 d600 00 08 fff8 0002`.replaceAll(' ', '')])
})

test('a packet that comes after its report is told in the next one', () => {
  const receiver = new TransportFeedback()
  feedback(receiver, [1, 64], [3, 64])
  const [late] = feedback(receiver, [2, 70])
  expect(late).toMatch(/^.{24}0002000100000101/)
})

test('a jump in time of more than 8 s begins a new packet with its own reference time', () => {
  const packets = feedback(new TransportFeedback(), [1, 64], [2, 20_000])
  expect(packets).toHaveLength(2)
  expect(packets[1]).toMatch(/^.{24}0002000100013801/)
})

test('long runs are run lengths and split so that one packet stays small', () => {
  const arrivals = Array.from({ length: 1_000 }, (_, index): [number, number] => [(65_000 + index) & 0xffff, 64 + index * 0.25])
  const packets = feedback(new TransportFeedback(), ...arrivals)
  expect(packets).toHaveLength(3)
  expect(packets.map((packet) => Number.parseInt(packet.slice(28, 32), 16))).toEqual([400, 400, 200])
  expect(packets[0]!.slice(40, 44)).toBe((0x2000 | 400).toString(16))
})
