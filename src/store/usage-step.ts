// The step in which usage is read, and kept for good.

/** Five minutes: the finest that usage can be asked for. */
export const USAGE_STEP_MS = 5 * 60_000
