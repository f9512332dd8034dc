import type {ScreenCondition} from '@holdfast/drive'

import {ToolError} from './tool-error.ts'

export interface WantedScreen {
  text?: string | undefined
  regex?: string | undefined
  exit?: true | undefined
  idle_ms?: number | undefined
  stable_ms?: number | undefined
  cursor?: {row: number; col: number} | undefined
}

/** The one condition that an agent names. Throws a `ToolError` for none, for several, and for a regular expression that is none. Pure. */
export function screenConditionOf(wanted: WantedScreen): ScreenCondition {
  const named = Object.entries(wanted).filter(([, value]) => value !== undefined)
  if (named.length !== 1) {
    const got = named.map(([name]) => name).join(' and ')
    throw new ToolError(
      `expected exactly one of text, regex, exit, idle_ms, stable_ms and cursor, got ${got === '' ? 'none' : got}`,
    )
  }
  const {text, regex, idle_ms, stable_ms, cursor} = wanted
  if (text !== undefined) return {text}
  if (regex !== undefined) return {regex: toRegExp(regex)}
  if (idle_ms !== undefined) return {idleMs: idle_ms}
  if (stable_ms !== undefined) return {stableMs: stable_ms}
  if (cursor !== undefined) return {cursor}
  return {exit: true}
}

function toRegExp(source: string): RegExp {
  try {
    return new RegExp(source, 'm')
  } catch (error) {
    throw new ToolError(`expected a regular expression of JavaScript: ${(error as Error).message}`)
  }
}
