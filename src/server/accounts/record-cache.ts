// A bounded memory of what the database said, forgotten at once when something is changed.

/** Beyond `limit` entries the one that was used longest ago is dropped. What is not there is not remembered. */
export class RecordCache<Key, Value> {
  readonly #limit: number
  readonly #load: (key: Key) => Promise<Value | null>
  readonly #entries = new Map<Key, Value>()
  #generation = 0

  constructor(limit: number, load: (key: Key) => Promise<Value | null>) {
    this.#limit = limit
    this.#load = load
  }

  async get(key: Key): Promise<Value | null> {
    const known = this.#entries.get(key)
    if (known !== undefined) {
      this.#entries.delete(key)
      this.#entries.set(key, known)
      return known
    }
    const generation = this.#generation
    const value = await this.#load(key)
    // What was read before a change must not be remembered after it.
    if (value !== null && generation === this.#generation) this.#remember(key, value)
    return value
  }

  clear(): void {
    this.#generation += 1
    this.#entries.clear()
  }

  #remember(key: Key, value: Value): void {
    this.#entries.set(key, value)
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > this.#limit && oldest !== undefined) this.#entries.delete(oldest)
  }
}
