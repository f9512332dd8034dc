import type {EventPayload} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal/plain'

/** A question of an agent on one line: `the agent asks: Delete it? (Allow once, Deny)`. Pure. */
export function describeQuestion({title, choices}: EventPayload<'approval.request'>): string {
  return toPlainLine(`the agent asks: ${title} (${choices.map(({label}) => label).join(', ')})`)
}
