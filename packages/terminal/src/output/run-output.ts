import type {ColorDepth} from '../screen/cell-style.ts'
import type {TerminalSize} from '../terminal-size.ts'
import {createCollapser, type CollapseBounds} from './collapse.ts'
import {createOutputModel, type OutputModel} from './output-model.ts'
import {skim} from './skim.ts'

/** The part of an output that is on the screen. */
export interface OutputView {
  /**
   * The last lines of a program that has never moved its cursor up. Most programs never do: print these lines like finished
   * ones, and erase them if later lines do not begin with them.
   */
  tentative: readonly string[]
  /** The rows below them, which the program may still change. */
  rows: readonly string[]
  /** Lines that are not shown. */
  collapsedLines: number
  /** The program has switched to the alternate screen. */
  isFullScreen: boolean
  /** The first `count` rows are in the scrollback: they are not returned any more. */
  dropRows(count: number): void
}

/** The output of one command on its way to the screen. */
export interface RunOutput {
  add(text: string): void
  /** Resolves when all added text is in the terminal; `undefined` if it is. */
  readonly settled: Promise<void> | undefined
  /** Lines that will not change any more; each is returned once. */
  takeLines(): string[]
  /** Counts the last rows as finished, although the program might still change them. */
  finishRows(): void
  /** The same for the tentative lines only. */
  finishLines(): void
  view(): OutputView
  resize(size: TerminalSize): void
  /** Lines that are added now may be collapsed. */
  readonly isCollapsing: boolean
  /** Adds a line of the caller's between the text before and after it. */
  addLine(line: string): Promise<void>
  /** The rest: lines not shown yet, how many were collapsed, and the last lines. */
  end(): Promise<{lines: string[]; collapsedLines: number; tail: string[]}>
}

export interface RunOutputOptions {
  size: TerminalSize
  depth: ColorDepth
  /** A line feed alone starts a line: for output that no terminal made. */
  convertEol: boolean
  /** The view has changed. */
  onChange: () => void
  /** `false` shows all of it. @default the defaults of `CollapseBounds` */
  collapse?: CollapseBounds | false
}

/** UTF-16 units that may wait for the terminal. More is skimmed: most of it is only counted. */
const maxWaitingLength = 262_144
const skimmedLength = 65_536
/** The same while the terminal is loaded, so that a flood has a first line. */
const maxFirstLength = 4_194_304

/** Rows of the screen for the collapsed count, the status line and the composer, and one that Ink needs. */
const reservedRows = 4

const everything = {headLines: Infinity, headLength: Infinity}

/**
 * Feeds program output to a terminal in memory and takes finished lines from it. Never makes the caller wait: output that
 * comes faster than the terminal reads is counted instead of shown, as no user could read it either.
 */
export function createRunOutput(options: RunOutputOptions): RunOutput {
  const {depth, convertEol, onChange} = options
  let {size} = options
  const collapser = createCollapser(
    options.collapse === false ? everything : {tailLines: tailOf(size), ...options.collapse},
  )
  let waiting = ''
  /** The text that was left out before `waiting`. */
  let skimmed: {lines: number; colors: string} | undefined
  let model: OutputModel | undefined
  let feeding: Promise<void> | undefined

  const take = (heldRows: number) => {
    const taken = model?.takeLines(heldRows, collapser.room)
    if (taken === undefined) return
    collapser.skip(taken.skipped)
    taken.lines.forEach(collapser.add)
  }
  const held = () => Math.max(1, size.rows - reservedRows)
  const isCollapsing = () => collapser.room !== Infinity
  const isPlain = () => model?.changesEarlierRows !== true && !isCollapsing()

  const feed = async () => {
    model ??= await createOutputModel({size, depth, convertEol})
    while (waiting !== '') {
      const text = (skimmed === undefined ? '' : skip(skimmed)) + waiting
      waiting = ''
      await model.write(text, () => take(held()))
      onChange()
    }
    feeding = undefined
  }

  const skimWaiting = () => {
    const {lines, colors, rest} = skim(waiting, skimmedLength)
    waiting = rest
    skimmed = {lines: (skimmed?.lines ?? 0) + lines, colors}
  }

  /** Ends the screen before the gap: lines before and after it are not adjacent. */
  const skip = ({lines, colors}: {lines: number; colors: string}): string => {
    skimmed = undefined
    if (model?.isFullScreen === true || lines === 0) return colors
    take(0)
    collapser.skip(lines)
    return eraseScreen + colors
  }

  return {
    add(text) {
      waiting += text
      const bound = model === undefined ? maxFirstLength : maxWaitingLength
      if (options.collapse !== false && waiting.length > bound) skimWaiting()
      feeding ??= feed()
    },
    get settled() {
      return feeding
    },
    get isCollapsing() {
      return isCollapsing()
    },
    takeLines: () => collapser.takeHead(),
    finishRows: () => take(0),
    finishLines() {
      if (model !== undefined && isPlain()) take(model.unfinishedRows)
    },
    view() {
      const {rows, first} = model?.lastRows(isPlain() ? Math.min(held(), model.unfinishedRows) : held()) ?? {
        rows: [],
        first: 0,
      }
      return {
        tentative: isPlain() ? (model?.wholeLines() ?? []) : [],
        rows,
        collapsedLines: collapser.collapsedLines,
        isFullScreen: model?.isFullScreen ?? false,
        dropRows: (count) => void (count > 0 && model?.dropRows(first + count)),
      }
    },
    resize(next) {
      size = next
      model?.resize(next)
    },
    async addLine(line) {
      await feeding
      take(0)
      collapser.add(line)
      if (model !== undefined) waiting = eraseScreen + waiting
    },
    async end() {
      await feeding
      if (model?.isFullScreen === true) await model.write(leaveFullScreen, () => {})
      take(0)
      const {collapsedLines} = collapser
      const last = {lines: collapser.takeHead(), collapsedLines, tail: collapser.takeTail()}
      model?.dispose()
      model = undefined
      return last
    },
  }
}

/** Half a screen, so that the collapsed count is still visible when the command has ended. */
function tailOf({rows}: TerminalSize): number {
  return Math.max(3, Math.floor(rows / 2))
}

/** A program that was killed on the alternate screen has not left it. */
const leaveFullScreen = '\u001b[?1049l'

/** Cursor home, erase below. */
const eraseScreen = '\u001b[H\u001b[J'
