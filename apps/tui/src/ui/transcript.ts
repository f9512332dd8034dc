import {outputText, type EventPayload, type SessionEvent, type SessionState, type LoggedEvent} from '@holdfast/protocol'
import {lostPart} from '../format/outcomes.ts'
import {type ColorDepth, type TerminalSize, createRunOutput, type OutputView, type RunOutput} from '@holdfast/terminal'

import {blockOf} from './blocks/block-of.ts'
import type {Block} from './blocks/block.ts'
import {drawBlock} from './blocks/draw-block.ts'
import {expandKey} from './expand-key.ts'

/** A run, or background output, with collapsed lines. */
export interface CollapsedRun {
  /** `undefined` for background output. */
  promptId: string | undefined
  text: string
  /** The output follows this event. */
  afterSeq: number
  /** The output did not pass through a terminal. */
  convertEol: boolean
}

/** The events of a session as lines for the scrollback. */
export interface Transcript {
  takeEvent(event: LoggedEvent, session: SessionState | undefined): void
  /** Adds a block that is not part of the session. */
  add(block: Block): void
  /** The next events belong to another session; `block` separates the two. */
  leave(block: Block): void
  /** Finished lines; each is returned once. */
  takeLines(): string[]
  /** Counts the output as finished, although the program may still change it. */
  finishRows(): void
  /** Counts the tentative lines of the output as finished. */
  finishLines(): void
  /** The output that the program may still change. */
  view(): OutputView | undefined
  /** The last run with collapsed output. */
  readonly collapsed: CollapsedRun | undefined
  resize(size: TerminalSize): void
}

export interface TranscriptOptions {
  size: TerminalSize
  depth: ColorDepth
  /** The lines or the view have changed. */
  onChange: () => void
}

type OutputEvent = SessionEvent & {type: 'message.delta' | 'background.output'}

/** Background output is drawn like the output of a command. */
export function isOutput(event: LoggedEvent): event is OutputEvent {
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
  let collapsed: CollapsedRun | undefined
  /** The prompt that runs, if its start was shown. */
  let begun: EventPayload<'message.start'> | undefined
  /** The last prompt whose output was left out. */
  let leftOut: string | undefined
  // Events wait here while earlier output is still being rendered, which takes bounded time.
  const steps: (() => void | Promise<void>)[] = []
  let isStepping = false
  const runSteps = async () => {
    isStepping = true
    for (let step = steps.shift(); step !== undefined; step = steps.shift()) await step()
    isStepping = false
    onChange()
  }
  const next = (step: () => void | Promise<void>) => {
    steps.push(step)
    if (!isStepping) void runSteps()
  }

  const put = (...parts: readonly (readonly string[])[]) => {
    lines = lines.concat(...parts)
  }
  const collect = () => put(run?.output.takeLines() ?? [])
  /** After the output so far, finished or not, but never inside its collapsed part. */
  const add = async (block: Block) => {
    const drawn = drawBlock(block, size.cols)
    if (run === undefined || run.output.isCollapsing) {
      collect()
      put(drawn)
    } else for (const line of drawn) await run.output.addLine(line)
    onChange()
  }

  const beginRun = (promptId: string | undefined, afterSeq: number, session: SessionState | undefined): Run => {
    // The output of a shell has passed through a terminal; the output of another agent may not have.
    const convertEol = session?.info.shell === undefined
    // The command is not known if the start of the run is not shown.
    const text = (begun?.prompt_id === promptId ? begun?.text : undefined) ?? '…'
    const output = createRunOutput({size, depth, convertEol, onChange})
    return {facts: {promptId, text, afterSeq, convertEol}, output}
  }

  /** Adds the rest of the output. */
  const endRun = async (promptId = run?.facts.promptId) => {
    if (run === undefined || run.facts.promptId !== promptId) return
    const ended = run
    const {lines: rest, collapsedLines, tail} = await ended.output.end()
    put(rest)
    if (collapsedLines > 0) {
      collapsed = ended.facts
      const elided = ended.elided === undefined ? [] : drawBlock({...ended.elided, kind: 'elided'}, size.cols)
      put(
        drawBlock({kind: 'collapsed', lines: collapsedLines, key: expandKey}, size.cols),
        elided.filter((line) => !tail.includes(line)),
      )
    }
    put(tail)
    run = undefined
  }

  /** Whether output of a prompt, or `undefined` for background output, does not belong to the command that is drawn. */
  const isOfOtherPrompt = async (promptId: string | undefined): Promise<boolean> => {
    const drawn = run?.facts.promptId ?? begun?.prompt_id
    if (promptId === undefined || drawn === undefined || promptId === drawn) return false
    // One note for each prompt, not for each piece of its output.
    if (leftOut !== promptId)
      await add({kind: 'note', text: 'Output of another prompt arrived, and is not shown here.'})
    leftOut = promptId
    return true
  }

  const takeOutput = async ({type, payload, seq}: OutputEvent, session: SessionState | undefined) => {
    const promptId = type === 'message.delta' ? payload.prompt_id : undefined
    if (await isOfOtherPrompt(promptId)) return
    run ??= beginRun(promptId, seq - 1, session)
    run.output.add(outputText(payload))
  }

  const elide = async (payload: EventPayload<'background.elided'>, promptId?: string) => {
    if (await isOfOtherPrompt(promptId)) return
    if (run === undefined) return add({...payload, kind: 'elided'})
    run.elided = payload
    for (const line of drawBlock({...payload, kind: 'elided'}, size.cols)) await run.output.addLine(line)
  }

  let isLost = false
  const addLost = async () => {
    const block = {kind: 'note', text: lostPart} as const
    if (run === undefined) return add(block)
    for (const line of drawBlock(block, size.cols)) await run.output.addLine(line)
  }

  return {
    takeEvent(event, session) {
      if (event.type === 'event.lost' && !isLost) next(addLost)
      isLost = event.type === 'event.lost'
      if (isOutput(event)) return next(() => takeOutput(event, session))
      if (event.type === 'output.elided') return next(() => elide(event.payload, event.payload.prompt_id))
      if (event.type === 'background.elided') return next(() => elide(event.payload))
      if (event.type === 'message.start') {
        next(async () => {
          await endRun()
          begun = event.payload
        })
      }
      // A prompt that was cancelled in the queue may end while another one runs.
      if (event.type === 'message.complete') {
        next(async () => {
          await endRun(event.payload.prompt_id)
          if (begun?.prompt_id === event.payload.prompt_id) begun = undefined
        })
      }
      const block = blockOf(event)
      if (block !== undefined) next(() => add(block))
    },
    add: (block) => next(() => add(block)),
    leave(block) {
      next(async () => {
        await endRun()
        collapsed = begun = leftOut = undefined
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
    finishLines: () => run?.output.finishLines(),
    view: () => run?.output.view(),
    get collapsed() {
      return collapsed
    },
    resize(newSize) {
      size = newSize
      run?.output.resize(newSize)
    },
  }
}
