import {readEvent, type Client, type ClientSession} from '@holdfast/client'
import {outputText, type LoggedEvent} from '@holdfast/protocol'
import {createRunOutput, type ColorDepth} from '@holdfast/terminal'
import {createAgentReader, formatLines, readPart, type AgentPart} from '@holdfast/session-view'

import {terminalSize} from '../process/terminal-size.ts'
import type {ScreenModel} from './screen-model.ts'
import {isOutput, type CollapsedRun} from './transcript.ts'
import {colourLine} from '../theme/colour-line.ts'
import {unbroken} from './unbroken.ts'

export interface OutputExpanderOptions {
  client: Client
  session: () => ClientSession | undefined
  model: ScreenModel
  depth: ColorDepth
  /** The command that prints the whole session. */
  showCommand: (sessionId: string) => string
}

/** Writes the output that was collapsed last to the scrollback. */
export interface OutputExpander {
  /** Rejects if the log cannot be read. */
  open(): Promise<void>
  /** Stops; `false` if nothing is being written. */
  stop(): boolean
}

/** Events per page: Esc is handled between two pages. */
const pageEvents = 20
/** Most terminals keep fewer lines in their scrollback. */
const maxOpenedLines = 100_000

export function createOutputExpander(options: OutputExpanderOptions): OutputExpander {
  const {client, session, model, depth, showCommand} = options
  let opening: AbortController | undefined

  const isRunning = () => session()?.state.running != null

  /** The next events of the log, oldest first; empty at its end. */
  const readPage = async (id: string, afterSeq: number): Promise<readonly LoggedEvent[]> => {
    const page = await client.request('session.events', {session_id: id, after_seq: afterSeq, limit: pageEvents})
    const events = page.events.map((wire) => readEvent(wire, (warning) => model.setNotice(warning)))
    return events.filter((event) => event !== undefined && 'seq' in event)
  }

  /** Writes the whole output of a finished run page by page, until its end or until `signal` aborts. */
  const expand = async (id: string, run: CollapsedRun, signal: AbortSignal) => {
    const size = terminalSize() ?? {cols: 80, rows: 24}
    const output = createRunOutput({size, depth, convertEol: run.convertEol, onChange() {}, collapse: false})
    const agent = createAgentReader()
    let lines = 0
    const show = (taken: readonly string[]) => {
      const room = taken.slice(0, maxOpenedLines - lines)
      lines += room.length
      if (room.length > 0) model.addBlock({kind: 'lines', lines: room})
    }

    model.addBlock({kind: 'run-begin', text: run.text})
    let isAll = false
    for (let afterSeq = run.afterSeq; !isAll && !signal.aborted && lines < maxOpenedLines;) {
      const events = await readPage(id, afterSeq)
      if (isRunning()) opening?.abort()
      // A gateway that repeats a page would be asked for ever.
      isAll = (events[0]?.seq ?? 0) <= afterSeq
      for (const event of events) {
        afterSeq = event.seq
        const promptId = 'payload' in event && 'prompt_id' in event.payload ? event.payload.prompt_id : undefined
        // Background output ends with the next command.
        if (run.promptId === undefined) isAll ||= event.type === 'message.start'
        if (promptId !== run.promptId) continue
        isAll ||= event.type === 'message.complete'
        for (const line of agent.read(event)) await output.addLine(colourLine(line, model.snapshot.paint))
        if (isOutput(event)) output.add(outputText(event.payload))
      }
      await output.settled
      show(output.takeLines())
      model.setNotice(`${formatLines(lines)} so far · Esc stops`)
    }
    const rest = await output.end()
    if (!signal.aborted) show(rest.lines)
    model.setNotice(undefined)
    const isStopped = signal.aborted || lines >= maxOpenedLines
    model.addBlock({
      kind: 'note',
      text: isStopped
        ? `Stopped after ${formatLines(lines)}. All of it: ${unbroken(showCommand(id))}`
        : `End of the output: ${formatLines(lines)}.`,
    })
  }

  /** Writes a part at once, so that nothing is mixed into it. */
  const expandPart = async (id: string, part: AgentPart) => {
    const lines = await readPart(part, (afterSeq) => readPage(id, afterSeq))
    const {paint} = model.snapshot
    model.addBlock({kind: 'lines', lines: ['', ...lines.map((line) => colourLine(line, paint)), '']})
  }

  return {
    async open() {
      const {collapsed} = model
      const id = session()?.id
      if (opening !== undefined) return
      if (collapsed === undefined || id === undefined) return model.setNotice('Nothing is collapsed')
      if (collapsed.kind !== 'run') return await expandPart(id, collapsed)
      if (isRunning())
        return model.setNotice(
          'A command is running and its output would be mixed in: expand this one when it has ended',
        )
      opening = new AbortController()
      try {
        await expand(id, collapsed, opening.signal)
      } finally {
        opening = undefined
      }
    },
    stop() {
      opening?.abort()
      return opening !== undefined
    },
  }
}
