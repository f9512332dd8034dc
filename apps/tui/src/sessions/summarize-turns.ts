import {textBytes} from '@holdfast/protocol'

import type {Turn} from './read-turns.ts'

/** The beginning of each prompt and of each answer that is kept, UTF-16 units. */
export const maxSummarizedLength = 800
const maxBytes = 16 * 1024

const heading =
  'You have lost the memory of our conversation. This is a summary of it: what I wrote, and how your answers began.'

/**
 * A prompt that tells an agent what was said before: the last turns, in at most 16 KiB. `isWhole`: there were no earlier ones. Pure.
 */
export function summarizeTurns(turns: readonly Turn[], isWhole: boolean): string {
  const parts: string[] = []
  let room = maxBytes - textBytes(heading) - textBytes(leftOut) - 4
  for (const {prompt, answer} of turns.toReversed()) {
    const part = `I wrote:\n${begin(prompt)}\n\nYou answered:\n${answer.trim() === '' ? '(nothing)' : begin(answer)}`
    room -= textBytes(part) + 2
    if (room < 0) break
    parts.unshift(part)
  }
  const isCut = !isWhole || parts.length < turns.length
  return [heading, ...(isCut ? [leftOut] : []), ...parts].join('\n\n')
}

const leftOut = '(What was said before that is left out.)'

function begin(text: string): string {
  const trimmed = text.trim()
  if (trimmed.length <= maxSummarizedLength) return trimmed
  // Not half of a surrogate pair.
  return `${trimmed.slice(0, maxSummarizedLength).replace(/[\ud800-\udbff]$/, '')} …`
}
