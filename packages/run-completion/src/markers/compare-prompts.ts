import {toShown} from './subtract-drawing.ts'

/** Whether two shown prompts differ only in the middle, as a prompt does in another folder. */
export function isAlike(drawn: string, prompt: string): boolean {
  const shorter = Math.min(drawn.length, prompt.length)
  let begin = 0
  while (begin < shorter && drawn[begin] === prompt[begin]) begin += 1
  let end = 0
  while (end < shorter - begin && drawn.at(-1 - end) === prompt.at(-1 - end)) end += 1
  return begin > 0 && end > 0 && 2 * (begin + end) >= Math.max(drawn.length, prompt.length)
}

/** Whether a terminal shows the same character at the end of both; blanks there do not count. */
export function endsAlike(drawn: string, prompt: string): boolean {
  const end = toShown(prompt).trimEnd().at(-1)
  return end !== undefined && toShown(drawn).replace(/ +$/, '').endsWith(end)
}
