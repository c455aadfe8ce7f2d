// Keeps a page's figures fresh.
import { useEffect, useState } from 'preact/hooks'

const everyMs = 1_000

/** Asks once a second while the page is visible; keeps the last answer when asking fails, and tells why. */
export function usePoll<T>(ask: () => Promise<T>): { value: T | null; error: string | null } {
  const [state, setState] = useState<{ value: T | null; error: string | null }>({ value: null, error: null })
  useEffect(() => {
    let timer = 0
    let isOver = false
    const turn = async (): Promise<void> => {
      if (!document.hidden) {
        try {
          const value = await ask()
          if (!isOver) setState({ value, error: null })
        } catch (error) {
          if (!isOver) setState(({ value }) => ({ value, error: (error as Error).message }))
        }
      }
      if (!isOver) timer = window.setTimeout(() => void turn(), everyMs)
    }
    void turn()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [])
  return state
}
