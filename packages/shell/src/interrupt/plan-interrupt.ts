/** The steps of an interrupt, each stronger than the previous one. The signals go to the foreground process group. */
const STEPS = ['byte', 'SIGINT', 'SIGTERM', 'SIGKILL'] as const
export type InterruptStep = (typeof STEPS)[number]

/** The last step, and when it was first taken, ms. */
export interface PastInterrupt {
  step: InterruptStep
  at: number
}

/** A key held down is one press. */
const PATIENCE_MS = 400
/** A program that has answered is quiet again; a program that floods has not answered. */
const QUIET_MS = 50

/**
 * Plans the next step; all times are in ms of one clock. A program that answered by printing more than the terminal's echo,
 * as a REPL does, gets the gentlest step again.
 */
export function planInterrupt(past: PastInterrupt | undefined, lastAnswerAt: number, now: number): PastInterrupt {
  const hasAnswered = past !== undefined && lastAnswerAt > past.at && now - lastAnswerAt > QUIET_MS
  if (past === undefined || hasAnswered) return {step: 'byte', at: now}
  if (now - past.at < PATIENCE_MS) return past
  return {step: STEPS[STEPS.indexOf(past.step) + 1] ?? 'SIGKILL', at: now}
}
