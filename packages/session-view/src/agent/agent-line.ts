/** What a line is, which decides its colour. */
export type Tone = 'text' | 'tool' | 'failure' | 'warning' | 'question' | 'detail' | 'added' | 'removed'

/** A line about what a coding agent does: plain text, without control sequences. */
export interface AgentLine {
  tone: Tone
  text: string
  /** The same for a screen reader, which reads no signs. @default the text */
  spoken?: string
}

/** The line as a sentence. Pure. */
export function speakLine({text, spoken = text}: AgentLine): string {
  return spoken.trim()
}
