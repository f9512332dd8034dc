/** A scalar. Never prompt text, tokens or environment. */
export type Fact = string | number | boolean | null

/** One line of the crash log: this object as JSON. */
export interface Breadcrumb {
  /** ISO 8601 with milliseconds, in UTC. */
  time: string
  /** The part that the process plays, such as `gateway`. */
  role: string
  pid: number
  /** How many times the process of this role was started, counted from 1. */
  generation?: number | undefined
  session?: string | undefined
  /** What happened, such as `spawn`. */
  event: string
  facts: Readonly<Record<string, Fact>>
  /** Values were shortened, or facts left out, to keep the line within its bound. */
  truncated?: true
}
