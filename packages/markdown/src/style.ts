/** Draws a piece of text of one row: it adds SGR sequences around it, for example. The width must stay the same. */
export type Style = (text: string) => string

/** What the highlighter tells apart in code. */
export type CodePart =
  'comment' | 'keyword' | 'string' | 'number' | 'type' | 'definition' | 'meta' | 'inserted' | 'deleted'

/** How each part of a text is drawn. A heading, emphasis and code without a style keep their marks, such as `**`; all else is plain. */
export interface MarkdownStyle extends Partial<Record<CodePart, Style>> {
  /** `level`: from 1. */
  heading?: (text: string, level: number) => string
  strong?: Style
  emphasis?: Style
  strikethrough?: Style
  /** Code within a line. */
  code?: Style
  /** A line of a block of code, where it is none of the `CodePart`s. */
  codeBlock?: Style
  link?: Style
  /** The address of a link, where it stands behind its text. */
  address?: Style
  /** Bullets, numbers and checkboxes. */
  marker?: Style
  /** The bar at the left of a quote. */
  quote?: Style
  /** The lines of a table, and a thematic break. */
  rule?: Style
}

export const plain: Style = (text) => text
