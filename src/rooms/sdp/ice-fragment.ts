// Reading a trickle-ice-sdpfrag (RFC 8840 section 9), as WHIP's PATCH carries it.

export interface IceFragment {
  /** `null` when the fragment does not say. */
  readonly usernameFragment: string | null
  /** `candidate:…` lines. */
  readonly candidates: readonly string[]
}

export function parseIceFragment(fragment: string): IceFragment {
  const lines = fragment.split(/\r?\n/).map((line) => line.trim())
  return {
    usernameFragment: lines.find((line) => line.startsWith('a=ice-ufrag:'))?.slice('a=ice-ufrag:'.length) ?? null,
    candidates: lines.filter((line) => line.startsWith('a=candidate:')).map((line) => line.slice(2)),
  }
}
