// Why a publish or play session could not be made; crosses the process boundary as a plain answer.

/** `bad-offer`: the SDP breaks a rule; `no-common-codec`: nothing in it that we can take; `not-granted`: nothing that the user may do. */
export class SessionRefused extends Error {
  readonly code: 'bad-offer' | 'no-common-codec' | 'not-granted'

  constructor(code: SessionRefused['code'], message: string) {
    super(message)
    this.name = 'SessionRefused'
    this.code = code
  }
}
