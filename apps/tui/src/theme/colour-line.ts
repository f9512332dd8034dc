import type {AgentLine, Tone} from '@holdfast/session-view'

import type {Paint} from './paint.ts'
import type {Token} from './theme.ts'

const tokens: Readonly<Record<Tone, Token | undefined>> = {
  text: undefined,
  tool: 'accent',
  failure: 'error',
  warning: 'warning',
  question: 'warning',
  detail: 'muted',
  added: 'added',
  removed: 'removed',
}

/** The line in its colour. */
export function colourLine({tone, text}: AgentLine, paint: Paint): string {
  const token = tokens[tone]
  return token === undefined ? text : paint(token, text)
}
