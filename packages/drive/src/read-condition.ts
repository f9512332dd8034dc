import type {ScreenCondition} from './judge-screen.ts'

/** A condition as data: exactly one of these fields. */
export interface WantedScreen {
  text?: string | undefined
  /** The source of a regular expression of JavaScript, which gets the flags `m` and `u`. */
  regex?: string | undefined
  exit?: true | undefined
  idle_ms?: number | undefined
  stable_ms?: number | undefined
  cursor?: {row: number; col: number} | undefined
}

/** The condition that data name. Throws a `TypeError` for none, for several, and for a regular expression that is none. Pure. */
export function readScreenCondition(wanted: WantedScreen): ScreenCondition {
  const {text, regex, idle_ms, stable_ms, cursor, exit} = wanted
  const named = Object.entries({text, regex, exit, idle_ms, stable_ms, cursor}).filter(
    ([, value]) => value !== undefined,
  )
  if (named.length !== 1) {
    const got = named.map(([name]) => name).join(' and ')
    throw new TypeError(
      `expected exactly one of text, regex, exit, idle_ms, stable_ms and cursor, got ${got === '' ? 'none' : got}`,
    )
  }
  if (text !== undefined) return {text}
  if (regex !== undefined) return {regex: readScreenRegex(regex)}
  if (idle_ms !== undefined) return {idleMs: idle_ms}
  if (stable_ms !== undefined) return {stableMs: stable_ms}
  if (cursor !== undefined) return {cursor}
  return {exit: true}
}

/** A regular expression for a screen: `^` and `$` are those of a line. Throws a `TypeError` for one that is none. Pure. */
function readScreenRegex(source: string): RegExp {
  try {
    return new RegExp(source, 'mu')
  } catch (error) {
    throw new TypeError(`expected a regular expression of JavaScript: ${(error as Error).message}`, {cause: error})
  }
}
