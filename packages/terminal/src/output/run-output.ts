import type {ColorDepth} from '../screen/cell-style.ts'
import {createCollapser, type CollapseBounds} from './collapse.ts'
import type {TerminalSize} from '../terminal-size.ts'
import {createOutputModel, type OutputModel} from './output-model.ts'
import {skim} from './skim.ts'

/** How an output stands at this moment. */
export interface OutputView {
  /** The last rows, which may still change. */
  rows: readonly string[]
  /** The number of the first of them, for `dropRows`. */
  first: number
  /** Lines that are neither shown nor among the last. */
  collapsedLines: number
  /** The program wants the whole terminal. */
  isFullScreen: boolean
}

/** The output of one run on its way to the screen. */
export interface RunOutput {
  add(text: string): void
  /** Resolves when all that was added is shown. */
  readonly settled: Promise<void> | undefined
  /** Lines that are finished; each is given once. */
  takeLines(): string[]
  /** Counts the last rows as finished, though they might have changed. */
  finishRows(): void
  view(): OutputView
  /** Rows before the one of this number are in the scrollback already. */
  dropRows(number: number): void
  resize(size: TerminalSize): void
  /** What comes now may not be shown. */
  readonly isCollapsing: boolean
  /** A line of ours between what came before and what comes after. */
  addLine(line: string): Promise<void>
  /** All that is left: lines that are still to be shown, those of the end apart from them. */
  end(): Promise<{lines: string[]; collapsedLines: number; tail: string[]}>
}

export interface RunOutputOptions {
  size: TerminalSize
  depth: ColorDepth
  /** The output was not made by a terminal: a line feed alone begins a line. */
  convertEol: boolean
  /** There is something new to be seen. */
  onChange: () => void
  /** `false`: all of it is shown. @default all defaults */
  collapse?: CollapseBounds | false
}

/** What may wait for the model, UTF-16 units. A flood that brings more is skimmed: the most of it is only counted. */
const maxWaitingLength = 262_144
const skimmedLength = 65_536
/** The same while the model is loaded, so that an output that begins as a flood has a beginning. */
const maxFirstLength = 4_194_304

/** Rows of the screen that are for others than the output: the fold, the status, the composer; and one that Ink needs. */
const rowsOfOthers = 4

const everything = {headLines: Infinity, headLength: Infinity}

export function createRunOutput(options: RunOutputOptions): RunOutput {
  const {depth, convertEol, onChange} = options
  let {size} = options
  const collapser = createCollapser(
    options.collapse === false ? everything : {tailLines: tailOf(size), ...options.collapse},
  )
  let waiting = ''
  /** What was left out right before `waiting`. */
  let skimmed: {lines: number; colors: string} | undefined
  let model: OutputModel | undefined
  let feeding: Promise<void> | undefined

  const take = (heldRows: number) => {
    const taken = model?.takeLines(heldRows, collapser.room)
    if (taken === undefined) return
    collapser.skip(taken.skipped)
    taken.lines.forEach(collapser.add)
  }
  const held = () => Math.max(1, size.rows - rowsOfOthers)

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

  /** Whoever prints faster than the model reads is not waited for: nobody could read it either. */
  const skimWaiting = () => {
    const {lines, colors, rest} = skim(waiting, skimmedLength)
    waiting = rest
    skimmed = {lines: (skimmed?.lines ?? 0) + lines, colors}
  }

  /** What was skimmed is not next to what the model shows. */
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
      return collapser.room !== Infinity
    },
    takeLines: () => collapser.takeHead(),
    finishRows: () => take(0),
    view: () => ({
      ...(model?.lastRows(held()) ?? {rows: [], first: 0}),
      collapsedLines: collapser.collapsedLines,
      isFullScreen: model?.isFullScreen ?? false,
    }),
    dropRows: (number) => model?.dropRows(number),
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
      return last
    },
  }
}

/** That lines are folded, and by which key they are opened, is to be on the screen when a run has ended. */
function tailOf({rows}: TerminalSize): number {
  return Math.max(3, Math.floor(rows / 2))
}

/** A program that was killed in the other screen has not gone back. */
const leaveFullScreen = '\u001b[?1049l'

/** Home, and nothing below. */
const eraseScreen = '\u001b[H\u001b[J'
