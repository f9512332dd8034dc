import {setImmediate} from 'node:timers/promises'
import {stripVTControlCharacters} from 'node:util'

import type {MarkdownRenderer, MarkdownStyle} from '@holdfast/markdown'
import type {RunOutput, TerminalSize} from '@holdfast/terminal'

import {hasHyperlinks} from './has-hyperlinks.ts'

export interface AgentAnswerOptions {
  size: TerminalSize
  style: MarkdownStyle
  /** The lines or the view have changed. */
  onChange: () => void
}

/** Rows of the screen for the status line and the composer, and one that Ink needs. */
const reservedRows = 4

/**
 * What a coding agent says, drawn as Markdown: finished blocks are lines at once, and the view has the last rows of the unfinished
 * one. It is the output of a run that is never collapsed, and that no terminal shows.
 */
export function createAgentAnswer({size: firstSize, style, onChange}: AgentAnswerOptions): RunOutput {
  let size = firstSize
  let renderer: MarkdownRenderer | undefined
  /** Text that waits for the renderer to be loaded. */
  let waiting = ''
  let lines: string[] = []
  /** Letters of the unfinished block that are in the scrollback already: a terminal that got smaller has pushed them there. */
  let pushed = 0

  const load = async () => {
    const [{createMarkdownRenderer}, hyperlinks] = await Promise.all([
      import('@holdfast/markdown'),
      hasHyperlinks(process.stdout),
    ])
    renderer = createMarkdownRenderer({columns: size.cols, style, hyperlinks, breaks: true, onChange})
    renderer.add(waiting)
    waiting = ''
    onChange()
  }
  let loading: Promise<void> | undefined

  const take = () => {
    const taken = withoutPushed(renderer?.takeLines() ?? [], pushed)
    pushed = taken.pushed
    lines.push(...taken.rows)
  }
  const rows = () => withoutPushed(renderer?.view(Math.max(1, size.rows - reservedRows)) ?? [], pushed).rows
  const drop = (shown: readonly string[]) => {
    pushed += shown.reduce((sum, row) => sum + countLetters(row), 0)
  }
  /** Draws all that was added; keys are handled in between. */
  const drain = async () => {
    await loading
    take()
    while (renderer?.isBehind === true) {
      await Promise.all([renderer.settled, setImmediate()])
      take()
    }
  }
  const addLine = async (line: string) => {
    await drain()
    lines.push(line)
  }
  const end = async () => {
    await loading
    renderer?.end()
    await drain()
    const rest = lines
    lines = []
    return {lines: rest, collapsedLines: 0, tail: []}
  }

  return {
    add(text) {
      if (renderer === undefined) waiting += text
      else renderer.add(text)
      loading ??= load()
      onChange()
    },
    get settled() {
      return undefined
    },
    takeLines() {
      take()
      // One call draws a part of a long text.
      if (renderer?.isBehind === true) onChange()
      const taken = lines
      lines = []
      return taken
    },
    finishRows() {
      const shown = rows()
      lines.push(...shown)
      drop(shown)
    },
    finishLines() {},
    view() {
      const shown = rows()
      return {
        tentative: [],
        rows: shown,
        collapsedLines: 0,
        isFullScreen: false,
        dropRows: (count) => drop(shown.slice(0, Math.max(0, count))),
      }
    },
    resize(next) {
      size = next
      renderer?.resize(next.cols)
    },
    isCollapsing: false,
    addLine,
    insertLine: addLine,
    handOver: async () => ({...(await end()), rest: ''}),
    takeBack: async () => '',
    end,
  }
}

/** The rows below those whose letters are in the scrollback. A row of which only a part is there comes once more. */
function withoutPushed(rows: readonly string[], letters: number): {rows: readonly string[]; pushed: number} {
  let pushed = letters
  let at = 0
  for (; at < rows.length && pushed > 0; at++) {
    const count = countLetters(rows[at]!)
    if (count > pushed) return {rows: rows.slice(at), pushed: 0}
    pushed -= count
  }
  return {rows: rows.slice(at), pushed}
}

/** Marks such as `**` do not count: they are gone when their end arrives. A blank row counts as one letter. */
function countLetters(row: string): number {
  return row === '' ? 1 : (stripVTControlCharacters(row).match(/[\p{L}\p{N}]/gu)?.length ?? 0)
}
