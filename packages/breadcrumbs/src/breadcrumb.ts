/** What may be told about an event: a scalar. Never prompt text, tokens or environment. */
export type Fact = string | number | boolean | null

/**
 * One line of the log:
 *
 *     2026-03-01T12:00:00.000Z gateway pid=71 gen=2 session=s_4k exit code=1 message="out of luck"
 *     ^ at                     ^ who                             ^ what ^ facts
 */
export interface Breadcrumb {
  /** Epoch ms. */
  at: number
  /** Which program, such as `gateway`. One word. */
  who: string
  pid: number
  /** Which life of that program. */
  generation?: number
  session?: string
  /** What happened, such as `spawn`. One word. */
  what: string
  facts: Readonly<Record<string, Fact>>
  /** Characters that were cut off the end of the line, if any were. Then the last fact may be incomplete or missing. */
  cut?: number
}
