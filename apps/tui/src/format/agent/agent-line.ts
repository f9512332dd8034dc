import {styleText} from 'node:util'

/** What a line is, which decides its colour. */
export type Tone = 'text' | 'tool' | 'failure' | 'warning' | 'question' | 'detail' | 'added' | 'removed'

/** A line about what a coding agent does: plain text, without control sequences. */
export interface AgentLine {
  tone: Tone
  text: string
  /** The same for a screen reader, which reads no signs. @default the text */
  spoken?: string
}

const styles: Readonly<Record<Tone, Parameters<typeof styleText>[0] | undefined>> = {
  text: undefined,
  tool: 'cyan',
  failure: 'red',
  warning: 'yellow',
  question: 'yellow',
  detail: 'dim',
  added: 'green',
  removed: 'red',
}

/** The line in its colour. */
export function colourLine({tone, text}: AgentLine): string {
  const style = styles[tone]
  return style === undefined ? text : styleText(style, text)
}

/** The line as a sentence. Pure. */
export function speakLine({text, spoken = text}: AgentLine): string {
  return spoken.trim()
}
