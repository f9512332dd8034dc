/** What an interrupt does, each stronger than the one before; the signals go to the group that has the terminal. */
const STEPS = ['byte', 'SIGINT', 'SIGTERM', 'SIGKILL'] as const
export type InterruptStep = (typeof STEPS)[number]

/** The step that was taken last, and when it was taken first. */
export interface PastInterrupt {
  step: InterruptStep
  at: number
}

/** A key that is held down does not mean more than one that is pressed. */
const PATIENCE_MS = 400
/** A program that has answered is quiet again. One that goes on with its flood has not. */
const QUIET_MS = 50

/**
 * The next step, in ms of one clock. A program that answered, as a REPL does, by printing more than the terminal's echo,
 * is asked gently again.
 */
export function planInterrupt(past: PastInterrupt | undefined, lastAnswerAt: number, now: number): PastInterrupt {
  const hasAnswered = past !== undefined && lastAnswerAt > past.at && now - lastAnswerAt > QUIET_MS
  if (past === undefined || hasAnswered) return {step: 'byte', at: now}
  if (now - past.at < PATIENCE_MS) return past
  return {step: STEPS[STEPS.indexOf(past.step) + 1] ?? 'SIGKILL', at: now}
}
