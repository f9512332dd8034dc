/** The modes of its terminal that the running program has set. */
export interface ProgramModes {
  /** The alternate screen, or mouse reports: a full-screen program. */
  readonly isFullScreen: boolean
  /** The arrow keys send application sequences. */
  readonly hasApplicationKeys: boolean
  readonly isCursorHidden: boolean
  readonly hasBracketedPaste: boolean
  /** The last row of its output has no line end, as a question has none. */
  readonly hasOpenLine: boolean
}

export interface ProgramModesTracker extends ProgramModes {
  /** Takes output; a sequence may be split between two calls. */
  track(data: Uint8Array): void
  /** Another program begins, on a terminal in its initial state. */
  clear(): void
}

const ESC = 0x1b
const LINE_FEED = 0x0a
const sequence = new RegExp(String.raw`${'\x1b'}(?:\[\?([\d;]{1,40})([hl])|c)`, 'g')
const unfinished = new RegExp(String.raw`${'\x1b'}(?:\[(?:\?[\d;]{0,40})?)?$`)
const fullScreen = [47, 1047, 1049, 9, 1000, 1002, 1003]
const watched = new Set([...fullScreen, 1, 25, 2004])
const cursor = 25

export function trackProgramModes(): ProgramModesTracker {
  /** The modes that differ from their initial state. */
  const changed = new Set<number>()
  let rest = ''
  let hasOpenLine = false

  return {
    track(data) {
      if (data.length > 0) hasOpenLine = data.at(-1) !== LINE_FEED
      if (rest === '' && !data.includes(ESC)) return
      const text = rest + Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1')
      rest = unfinished.exec(text.slice(-48))?.[0] ?? ''
      for (const [, numbers, final] of text.matchAll(sequence)) {
        if (numbers === undefined) changed.clear()
        for (const mode of (numbers ?? '')
          .split(';')
          .map(Number)
          .filter((each) => watched.has(each))) {
          if ((final === 'h') === (mode === cursor)) changed.delete(mode)
          else changed.add(mode)
        }
      }
    },
    clear() {
      changed.clear()
      rest = ''
      hasOpenLine = false
    },
    get isFullScreen() {
      return fullScreen.some((mode) => changed.has(mode))
    },
    get hasApplicationKeys() {
      return changed.has(1)
    },
    get isCursorHidden() {
      return changed.has(cursor)
    },
    get hasBracketedPaste() {
      return changed.has(2004)
    },
    get hasOpenLine() {
      return hasOpenLine
    },
  }
}
