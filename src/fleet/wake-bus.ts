// How tasks call workers of the same process at once. A wake that is lost only costs a beat.

export type WakeListener = (taskId: string) => void

export class WakeBus {
  readonly #listeners = new Set<WakeListener>()

  /** A task is new, changed or to be stopped. */
  readonly wake = (taskId: string): void => {
    for (const listener of this.#listeners) listener(taskId)
  }

  /** Returns how to stop listening. */
  listen(listener: WakeListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
