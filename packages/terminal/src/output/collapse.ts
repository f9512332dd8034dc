/** How much of an output is shown. Lengths are UTF-16 units, colours included. */
export interface CollapseBounds {
  /** Of its beginning. @default 400 */
  headLines?: number
  /** @default 65_536 */
  headLength?: number
  /** Of its end. @default 40 */
  tailLines?: number
  /** @default 16_384 */
  tailLength?: number
}

/** Lines of one output: its first go on at once, its last wait for its end, those between are only counted. */
export interface Collapser {
  add(line: string): void
  /** So many lines were not looked at. What comes later is not next to what came before. */
  skip(lines: number): void
  /** Of lines that are added at once, no more than the last so many will be shown. */
  readonly room: number
  /** Lines that may be shown now; each is given once. */
  takeHead(): string[]
  readonly collapsedLines: number
  /** The last lines. Nothing may be added after. */
  takeTail(): string[]
}

export function createCollapser(bounds: CollapseBounds = {}): Collapser {
  const {headLines = 400, headLength = 65_536, tailLines = 40, tailLength = 16_384} = bounds
  let head: string[] = []
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
      collapsedLines += tail.length + lines
      tail = []
      heldLength = 0
    },
    get room() {
      return isHeadFull ? tailLines : Infinity
    },
    takeHead() {
      const taken = head
      head = []
      return taken
    },
    get collapsedLines() {
      return collapsedLines
    },
    takeTail() {
      const taken = tail
      tail = []
      return taken
    },
  }
}
