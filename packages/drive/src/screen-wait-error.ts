import type {ScreenCondition} from './judge-screen.ts'

/** A wait for a screen gave up. */
export class ScreenWaitError extends Error {
  override readonly name = 'ScreenWaitError'

  /** `ended`: the program has ended. */
  readonly reason: 'timeout' | 'ended'

  /** `screen`: its text, for the message after a timeout. @default left out */
  constructor(
    reason: ScreenWaitError['reason'],
    {condition, timeoutMs, screen}: {condition: ScreenCondition; timeoutMs: number; screen?: string},
  ) {
    const shown = screen === undefined ? '' : `, the screen shows:\n${screen.trimEnd()}`
    const why = reason === 'ended' ? ', but the program has ended' : ` within ${timeoutMs} ms${shown}`
    super(`Expected ${describeCondition(condition)}${why}`)
    this.reason = reason
  }
}

function describeCondition(condition: ScreenCondition): string {
  if ('text' in condition) return `the text ${JSON.stringify(condition.text)}`
  if ('regex' in condition) return `a match of ${String(condition.regex)}`
  if ('cursor' in condition) return `the cursor at ${condition.cursor.row},${condition.cursor.col}`
  if ('idleMs' in condition) return `no output for ${condition.idleMs} ms`
  if ('stableMs' in condition) return `no change for ${condition.stableMs} ms`
  return 'the end of the program'
}
