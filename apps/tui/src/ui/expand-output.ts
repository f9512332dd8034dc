import {decodeOutput, type SessionEvent, type UnknownEvent} from '@holdfast/protocol'
import {type ColorDepth, type TerminalSize, createRunOutput} from '@holdfast/terminal'

import {count} from './blocks/run-block.ts'
import type {ScreenModel} from './screen-model.ts'
import {isOutput, type CollapsedRun} from './transcript.ts'

export interface ExpandOutputOptions {
  model: Pick<ScreenModel, 'addBlock' | 'setNotice'>
  size: TerminalSize
  depth: ColorDepth
  /** The next events of the log, oldest first; empty at its end. */
  readPage: (afterSeq: number) => Promise<readonly (SessionEvent | UnknownEvent)[]>
  /** The command that prints the whole session. */
  showCommand: string
  signal: AbortSignal
}

/** Most terminals keep fewer lines in their scrollback. */
const maxOpenedLines = 100_000

const decoder = new TextDecoder()

/** Writes the whole output of a finished run to the scrollback, page by page, until its end or until `signal` aborts. */
export async function expandOutput(run: CollapsedRun, options: ExpandOutputOptions): Promise<void> {
  const {model, size, depth, readPage, showCommand, signal} = options
  const output = createRunOutput({size, depth, convertEol: run.convertEol, onChange() {}, collapse: false})
  let lines = 0
  const show = (taken: readonly string[]) => {
    const room = taken.slice(0, maxOpenedLines - lines)
    lines += room.length
    if (room.length > 0) model.addBlock({kind: 'lines', lines: room})
  }

  model.addBlock({kind: 'run-begin', text: run.text})
  let isAll = false
  for (let afterSeq = run.afterSeq; !isAll && !signal.aborted && lines < maxOpenedLines;) {
    const events = await readPage(afterSeq)
    isAll = events.length === 0
    for (const event of events) {
      afterSeq = event.seq
      const promptId = 'payload' in event && 'prompt_id' in event.payload ? event.payload.prompt_id : undefined
      // Background output ends with the next command.
      if (run.promptId === undefined) isAll ||= event.type === 'message.start'
      if (promptId !== run.promptId) continue
      isAll ||= event.type === 'message.complete'
      if (isOutput(event)) output.add(event.payload.text ?? decoder.decode(decodeOutput(event.payload)))
    }
    await output.settled
    show(output.takeLines())
    model.setNotice(`${count(lines)} so far · Esc stops`)
  }
  const rest = await output.end()
  if (!signal.aborted) show(rest.lines)
  model.setNotice(undefined)
  const isStopped = signal.aborted || lines >= maxOpenedLines
  model.addBlock({
    kind: 'note',
    text: isStopped
      ? `Stopped after ${count(lines)}. All of it: ${showCommand}`
      : `End of the output: ${count(lines)}.`,
  })
}
