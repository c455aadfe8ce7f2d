// A refusal of the signalling routes: an HTTP status and one sentence of text with value and rule.

export class RtcProblem extends Error {
  readonly status: 400 | 401 | 403 | 404 | 406 | 412 | 413 | 415 | 422 | 503

  constructor(status: RtcProblem['status'], message: string) {
    super(message)
    this.name = 'RtcProblem'
    this.status = status
  }
}
