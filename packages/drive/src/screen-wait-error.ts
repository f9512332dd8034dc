import type {ScreenCondition} from './judge-screen.ts'

/** A wait for a screen gave up. After a timeout, the message of `waitFor` shows the screen. */
export class ScreenWaitError extends Error {
  override readonly name = 'ScreenWaitError'

  /** `ended`: the program has ended. */
  readonly reason: 'timeout' | 'ended'

  constructor(reason: ScreenWaitError['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

/** Pure. */
export function describeCondition(condition: ScreenCondition): string {
  if ('text' in condition) return `the text ${JSON.stringify(condition.text)}`
  if ('regex' in condition) return `a match of ${String(condition.regex)}`
  if ('cursor' in condition) return `the cursor at ${condition.cursor.row},${condition.cursor.col}`
  if ('idleMs' in condition) return `no output for ${condition.idleMs} ms`
  if ('stableMs' in condition) return `no change for ${condition.stableMs} ms`
  return 'the end of the program'
}
