/** The size of a terminal, in cells. */
export interface TerminalSize {
  cols: number
  rows: number
}
