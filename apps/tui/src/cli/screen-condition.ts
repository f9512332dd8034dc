import type {ScreenCondition} from '@holdfast/drive'
import {InvalidArgumentError} from 'commander'

/** What `holdfast wait` is asked to wait for. */
export interface ScreenWaitOptions {
  text?: string
  regex?: RegExp
  cursor?: {row: number; col: number}
  idle?: number
  stable?: number
  exit?: true
}

/** The condition that the options name; `undefined` unless they name one. Pure. */
export function screenCondition({
  text,
  regex,
  cursor,
  idle,
  stable,
  exit,
}: ScreenWaitOptions): ScreenCondition | undefined {
  const named: ScreenCondition[] = [
    ...(text === undefined ? [] : [{text}]),
    ...(regex === undefined ? [] : [{regex}]),
    ...(cursor === undefined ? [] : [{cursor}]),
    ...(idle === undefined ? [] : [{idleMs: idle}]),
    ...(stable === undefined ? [] : [{stableMs: stable}]),
    ...(exit === undefined ? [] : [{exit}]),
  ]
  return named.length === 1 ? named[0] : undefined
}

/** Every screen contains an empty text: it may come from a variable that is not set. */
export function someText(text: string): string {
  if (text === '') throw new InvalidArgumentError('Expected a text that is not empty.')
  return text
}

export function regularExpression(text: string): RegExp {
  someText(text)
  try {
    return new RegExp(text, 'mu')
  } catch (error) {
    throw new InvalidArgumentError(`${(error as SyntaxError).message}.`)
  }
}

export function rowAndColumn(text: string): {row: number; col: number} {
  const [, row, col] = /^(\d{1,5}),(\d{1,5})$/.exec(text) ?? []
  if (row === undefined || col === undefined) throw new InvalidArgumentError('Expected a row and a column, as in 0,10.')
  return {row: Number(row), col: Number(col)}
}
