// A key that callers sign with: whose it is, how long it holds, and what it opens.

export interface ApiKey {
  /** Secret: signs requests. */
  readonly secretKey: string
  /** Whose key it is; an account's keys share its rate limits. */
  readonly accountId: string
  /** Secret: what a temporary key must be sent with; `null` for a lasting key, which must be sent without. */
  readonly token: string | null
  /** Unix milliseconds; `null`: holds until it is revoked. */
  readonly expiresAt: number | null
  /** Applications it has a right to, by SdkAppId. */
  readonly applications: 'all' | readonly number[]
}
