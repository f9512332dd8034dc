/** Where a block stands. */
export interface Placement {
  /** A blank row is above it. */
  hasGap: boolean
  /** Bullets and numbers in front of its first row, as wide as `indent`. */
  markers: string
  /** Columns in front of its other rows. */
  indent: number
}

/** A part of a text that can be drawn without what follows it. */
export type Block =
  | (Placement & {
      /** Markdown without the marks of the lists that it is in: a paragraph, a heading, a quote, a table. */
      kind: 'text'
      source: string
      /** It continues the block before it, which was too long to be drawn at once. */
      isRest: boolean
      /** It begins within a line: it is no heading, quote or table, whatever its first characters are. */
      isInline: boolean
    })
  | (Placement & {kind: 'code'; language: string; line: string; isFirst: boolean})
