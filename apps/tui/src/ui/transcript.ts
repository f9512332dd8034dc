import {
  decodeOutput,
  type EventPayload,
  type SessionEvent,
  type SessionState,
  type UnknownEvent,
} from '@holdfast/protocol'
import {type ColorDepth, type TerminalSize, createRunOutput, type OutputView, type RunOutput} from '@holdfast/terminal'

import {blockOf} from './blocks/block-of.ts'
import type {Block} from './blocks/block.ts'
import {drawBlock} from './blocks/draw-block.ts'
import {expandKey} from './expand-key.ts'

const decoder = new TextDecoder()

/** A run of which lines were folded, or what was printed between two of them. */
export interface CollapsedRun {
  /** `undefined`: of no command, but printed between two of them. */
  promptId: string | undefined
  text: string
  /** Its output comes after. */
  afterSeq: number
  /** Its output was not made by a terminal. */
  convertEol: boolean
}

/** The blocks of a session, in their order, as lines for the scrollback. */
export interface Transcript {
  takeEvent(event: SessionEvent | UnknownEvent, session: SessionState | undefined): void
  /** A block of ours, behind what came before. */
  add(block: Block): void
  /** What comes next is of another session; `block` stands between the two. */
  leave(block: Block): void
  /** Lines that are finished; each is given once. */
  takeLines(): string[]
  /** Counts what the running program shows as finished, for who will not see it change. */
  finishRows(): void
  /** What the running program shows, and may still change. */
  view(): OutputView | undefined
  /** The last run of which lines were folded. */
  readonly folded: CollapsedRun | undefined
  /** Rows of that output before the one of this number are in the scrollback already. */
  dropRows(number: number): void
  resize(size: TerminalSize): void
}

export interface TranscriptOptions {
  size: TerminalSize
  depth: ColorDepth
  /** There is something new to be seen. */
  onChange: () => void
}

type OutputEvent = SessionEvent & {type: 'message.delta' | 'background.output'}

/** What is printed between two commands looks like what they print, too. */
export function isOutput(event: SessionEvent | UnknownEvent): event is OutputEvent {
  return event.type === 'message.delta' || event.type === 'background.output'
}

interface Run {
  facts: CollapsedRun
  output: RunOutput
  elided?: EventPayload<'background.elided'>
}

export function createTranscript({size: firstSize, depth, onChange}: TranscriptOptions): Transcript {
  let size = firstSize
  let lines: string[] = []
  let run: Run | undefined
  let folded: CollapsedRun | undefined
  let begun: EventPayload<'message.start'> | undefined
  // What comes while the output before it is still read waits here: as long as that takes, and that is bounded.
  const steps: (() => void | Promise<void>)[] = []
  let isStepping = false
  const goOn = async () => {
    isStepping = true
    for (let step = steps.shift(); step !== undefined; step = steps.shift()) await step()
    isStepping = false
    onChange()
  }
  const next = (step: () => void | Promise<void>) => {
    steps.push(step)
    if (!isStepping) void goOn()
  }

  const put = (...parts: readonly (readonly string[])[]) => {
    lines = lines.concat(...parts)
  }
  const collect = () => put(run?.output.takeLines() ?? [])
  /** Behind what was printed before, also where that is not finished; but never among what is folded. */
  const add = async (block: Block) => {
    const drawn = drawBlock(block)
    if (run === undefined || run.output.isCollapsing) {
      collect()
      put(drawn)
    } else for (const line of drawn) await run.output.addLine(line)
    onChange()
  }

  const beginRun = (promptId: string | undefined, afterSeq: number, session: SessionState | undefined): Run => {
    // What a shell prints has been through a terminal; what others answer may not have been.
    const convertEol = session?.info.shell === undefined
    // Of a run whose beginning is not shown, the command is not known.
    const text = (begun?.prompt_id === promptId ? begun?.text : undefined) ?? '…'
    const output = createRunOutput({size, depth, convertEol, onChange})
    return {facts: {promptId, text, afterSeq, convertEol}, output}
  }

  /** Shows what is left of the output. */
  const endRun = async (promptId = run?.facts.promptId) => {
    if (run === undefined || run.facts.promptId !== promptId) return
    const ended = run
    const {lines: rest, collapsedLines, tail} = await ended.output.end()
    put(rest)
    if (collapsedLines > 0) {
      folded = ended.facts
      const elided = ended.elided === undefined ? [] : drawBlock({...ended.elided, kind: 'elided'})
      put(
        drawBlock({kind: 'folded', lines: collapsedLines, key: expandKey}),
        elided.filter((line) => !tail.includes(line)),
      )
    }
    put(tail)
    run = undefined
  }

  const takeOutput = ({type, payload, seq}: OutputEvent, session: SessionState | undefined) => {
    run ??= beginRun(type === 'message.delta' ? payload.prompt_id : undefined, seq - 1, session)
    run.output.add(payload.text ?? decoder.decode(decodeOutput(payload)))
  }

  const elide = async (payload: EventPayload<'background.elided'>) => {
    if (run === undefined) return add({...payload, kind: 'elided'})
    run.elided = payload
    for (const line of drawBlock({...payload, kind: 'elided'})) await run.output.addLine(line)
  }

  return {
    takeEvent(event, session) {
      if (isOutput(event)) return next(() => takeOutput(event, session))
      if (event.type === 'output.elided' || event.type === 'background.elided') return next(() => elide(event.payload))
      if (event.type === 'message.start') {
        next(async () => {
          await endRun()
          begun = event.payload
        })
      }
      // A prompt that never ran may end while another runs.
      if (event.type === 'message.complete') next(() => endRun(event.payload.prompt_id))
      const block = blockOf(event)
      if (block !== undefined) next(() => add(block))
    },
    add: (block) => next(() => add(block)),
    leave(block) {
      next(async () => {
        await endRun()
        folded = begun = undefined
        await add(block)
      })
    },
    takeLines() {
      collect()
      const taken = lines
      lines = []
      return taken
    },
    finishRows: () => run?.output.finishRows(),
    view: () => run?.output.view(),
    get folded() {
      return folded
    },
    dropRows: (number) => run?.output.dropRows(number),
    resize(newSize) {
      size = newSize
      run?.output.resize(newSize)
    },
  }
}
