/** How much of an output is shown. Lengths are UTF-16 units and include SGR sequences. */
export interface CollapseBounds {
  /** The first lines that are shown. @default 400 */
  headLines?: number
  /** @default 65_536 */
  headLength?: number
  /** The last lines that are shown. @default 40 */
  tailLines?: number
  /** @default 16_384 */
  tailLength?: number
}

/** The lines of one output: the first are shown at once, the last at its end, those between are only counted. */
export interface Collapser {
  add(line: string): void
  /** Counts lines that were never read, between the lines before and after this call. */
  skip(lines: number): void
  /** Of the lines that are added now, at most the last `room` will be shown. */
  readonly room: number
  /** Lines to show now; each is returned once. */
  takeHead(): string[]
  readonly collapsedLines: number
  /** All lines that are not shown now: those that are collapsed, and the last ones. */
  readonly hiddenLines: number
  /** The lines so far will not be shown at the end: later ones are on the screen already. */
  hide(): void
  /** The last lines. Call it once, after the last `add`. */
  takeTail(): string[]
}

export function createCollapser(bounds: CollapseBounds = {}): Collapser {
  const {headLines = 400, headLength = 65_536, tailLines = 40, tailLength = 16_384} = bounds
  const head: string[] = []
  let [shownLines, shownLength] = [0, 0]
  let isHeadFull = false
  let tail: string[] = []
  let heldLength = 0
  let collapsedLines = 0

  return {
    add(line) {
      isHeadFull ||= shownLines >= headLines || shownLength + line.length > headLength
      if (!isHeadFull) {
        head.push(line)
        shownLines++
        shownLength += line.length
        return
      }
      tail.push(line)
      heldLength += line.length
      while (tail.length > 1 && (tail.length > tailLines || heldLength > tailLength)) {
        heldLength -= tail.shift()?.length ?? 0
        collapsedLines++
      }
    },
    skip(lines) {
      if (lines === 0) return
      isHeadFull = true
      collapsedLines += lines
      this.hide()
    },
    hide() {
      collapsedLines += tail.length
      tail = []
      heldLength = 0
    },
    get hiddenLines() {
      return collapsedLines + tail.length
    },
    get room() {
      return isHeadFull ? tailLines : Infinity
    },
    takeHead: () => head.splice(0),
    get collapsedLines() {
      return collapsedLines
    },
    takeTail: () => tail.splice(0),
  }
}
