import type {ColorDepth} from '../screen/color-code.ts'
import type {TerminalSize} from '../terminal-size.ts'
import {createCollapser, type CollapseBounds} from './collapse.ts'
import {createOutputModel, type OutputModel, type UnfinishedRow} from './output-model.ts'
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
  /** The last of `rows` up to the cursor, if the program has not ended it: its prompt, if it reads a line. */
  unfinishedRow?: UnfinishedRow | undefined
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
  /** Adds one above the line that the program is writing, which it continues: a question, for example. */
  insertLine(line: string): Promise<void>
  /**
   * The program gets the terminal, which shows the output that is added from now on: it counts as taken. Resolves to what the
   * terminal lacks: the lines of `end`, and then, in the row below them, `rest`: the rows that the program may still change,
   * and its cursor.
   */
  handOver(): Promise<RestOfOutput & {rest: string}>
  /**
   * The program gives the terminal back. Resolves to the sequences that erase the rows that it may still change, which are
   * rows of the view again. The cursor of the terminal must be where the program has it. `isOver`: it has ended.
   */
  takeBack(options: {isOver: boolean}): Promise<string>
  /** Lines not shown yet, how many were collapsed, and the last lines. */
  end(): Promise<RestOfOutput>
}

export interface RestOfOutput {
  lines: string[]
  collapsedLines: number
  tail: string[]
}

export interface RunOutputOptions {
  size: TerminalSize
  depth: ColorDepth
  /** A line feed alone starts a line: for output that no terminal made. */
  convertEol: boolean
  /** The view has changed. */
  onChange: () => void
  /** The program has cleared the screen for the first time, after the lines that `takeLines` returns now. @default ignored */
  onClear?: () => void
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

const nothing: OutputView = {tentative: [], rows: [], collapsedLines: 0, isFullScreen: false, dropRows() {}}

const everything = {headLines: Infinity, headLength: Infinity}

/**
 * Feeds program output to a terminal in memory and takes finished lines from it. Never makes the caller wait: output that
 * comes faster than the terminal reads is counted instead of shown, as no user could read it either.
 */
export function createRunOutput(options: RunOutputOptions): RunOutput {
  const {depth, convertEol, onChange} = options
  let {size} = options
  const begin = () =>
    createCollapser(options.collapse === false ? everything : {tailLines: tailOf(size), ...options.collapse})
  let collapser = begin()
  let isHandedOver = false
  let waiting = ''
  /** The text that was left out before `waiting`. */
  let skimmed: {lines: number; colors: string} | undefined
  let model: OutputModel | undefined
  let feeding: Promise<void> | undefined

  /** `left`: how many lines were left out below those that are taken. */
  const take = (heldRows: number, left = 0) => {
    // The terminal shows them, or has left them out.
    if (model === undefined || isHandedOver) return
    const {skipped, lines} = model.takeLines(heldRows, collapser.room)
    collapser.skip(skipped)
    lines.forEach(collapser.add)
    collapser.skip(left)
  }
  const isCollapsing = () => collapser.room !== Infinity
  const isPlain = () => model?.changesEarlierRows !== true && model?.addressesRows !== true && !isCollapsing()
  /**
   * The last rows that are on the screen. Of collapsed lines, those that will be shown at the end: a terminal that gets smaller
   * pushes fewer of them into its scrollback.
   */
  const held = () => {
    const room = Math.max(1, size.rows - reservedRows)
    return isCollapsing() && model?.changesEarlierRows !== true ? Math.min(room, tailOf(size)) : room
  }

  /**
   * How many of the last rows `takeLines` leaves to the program, which may still change them. A program that addresses rows keeps all
   * rows of its screen, although the view shows fewer: at a hand-over they are written again, so that its last row is in the last row
   * of the terminal.
   */
  const heldBack = () => (model?.addressesRows === true ? size.rows : held())

  let hasCleared = false
  const onClear = () => {
    // Later it redraws its own rows, as a watcher does.
    if (hasCleared || isHandedOver || isCollapsing()) return
    hasCleared = true
    take(0)
    options.onClear?.()
  }

  const addLine = async (line: string) => {
    take(0)
    collapser.add(line)
    await model?.clear()
  }

  const feed = async () => {
    model ??= await createOutputModel({size, depth, convertEol, onClear})
    while (waiting !== '') {
      const [text, gap] = [waiting, skimmed]
      waiting = ''
      skimmed = undefined
      if (gap !== undefined && gap.lines > 0) await skip(gap.lines)
      await model.write((gap?.colors ?? '') + text, () => take(heldBack()))
      onChange()
    }
    feeding = undefined
  }

  const takeRest = (): RestOfOutput => {
    const {collapsedLines} = collapser
    return {lines: collapser.takeHead(), collapsedLines, tail: collapser.takeTail()}
  }

  const skimWaiting = () => {
    const {lines, colors, rest} = skim(waiting, skimmedLength)
    waiting = rest
    skimmed = {lines: (skimmed?.lines ?? 0) + lines, colors}
  }

  /** Ends the screen before the gap: lines before and after it are not adjacent. */
  const skip = async (lines: number) => {
    if (model === undefined || model.isFullScreen) return
    take(0, lines)
    await model.clear()
  }

  return {
    add(text) {
      if (text === '') return
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
      if (isHandedOver) return {...nothing, isFullScreen: model?.isFullScreen ?? false}
      const {rows, first, left} = model?.lastRows(isPlain() ? Math.min(held(), model.unfinishedRows) : held()) ?? {
        rows: [],
        first: 0,
        left: 0,
      }
      return {
        tentative: isPlain() ? (model?.wholeLines() ?? []) : [],
        rows,
        unfinishedRow: rows.length === 0 ? undefined : model?.unfinishedRow,
        collapsedLines: collapser.hiddenLines,
        isFullScreen: model?.isFullScreen ?? false,
        dropRows(count) {
          // Rows above them, which are not shown, come with them once more.
          if (count <= 0 || left > 0) return
          collapser.hide()
          model?.dropRows(first + count)
        },
      }
    },
    resize(next) {
      size = next
      model?.resize(next)
    },
    async addLine(line) {
      await feeding
      await addLine(line)
    },
    async insertLine(line) {
      await feeding
      if (model === undefined || model.isFullScreen || !isPlain()) return await addLine(line)
      take(model.unfinishedRows)
      collapser.add(line)
    },
    async handOver() {
      await feeding
      if (model !== undefined && isPlain()) take(model.unfinishedRows)
      const part = {...takeRest(), rest: model?.writeRest() ?? ''}
      isHandedOver = true
      collapser = begin()
      return part
    },
    async takeBack({isOver}) {
      await feeding
      isHandedOver = false
      return (await model?.eraseRest(isOver || isPlain() ? model.unfinishedRows : heldBack())) ?? ''
    },
    async end() {
      await feeding
      if (model?.isFullScreen === true) await model.write(leaveFullScreen, () => {})
      take(0)
      const last = takeRest()
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
