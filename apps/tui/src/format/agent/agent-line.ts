import type {Paint} from '../../theme/paint.ts'
import type {Token} from '../../theme/theme.ts'

/** What a line is, which decides its colour. */
export type Tone = 'text' | 'tool' | 'failure' | 'warning' | 'question' | 'detail' | 'added' | 'removed'

/** A line about what a coding agent does: plain text, without control sequences. */
export interface AgentLine {
  tone: Tone
  text: string
  /** The same for a screen reader, which reads no signs. @default the text */
  spoken?: string
}

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

/** The line as a sentence. Pure. */
export function speakLine({text, spoken = text}: AgentLine): string {
  return spoken.trim()
}
