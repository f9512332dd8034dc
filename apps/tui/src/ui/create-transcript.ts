import {defaultBindings} from '@holdfast/ink-composer'
import {decodeOutput, outputText, type EventPayload, type LoggedEvent, type SessionInfo} from '@holdfast/protocol'
import {createRunOutput, type RestOfOutput, type RunOutput} from '@holdfast/terminal'
import {createAgentActivity, isSuccess, lostPart, textEnds, toolOutput} from '@holdfast/session-view'

import {createAgentAnswer} from './agent/agent-answer.ts'
import {markdownStyle} from './agent/markdown-style.ts'
import {blockOf, type Place} from './blocks/block-of.ts'
import type {Block} from './blocks/block.ts'
import {drawBlock} from './blocks/draw-block.ts'
import {
  clearedScreen,
  isOutput,
  type CollapsedRun,
  type HandOverWatch,
  type OutputEvent,
  type Transcript,
  type TranscriptOptions,
} from './transcript.ts'

/** The terminal while it is attached to the program. */
interface HandedOver extends HandOverWatch {
  /** Of the attachment. */
  id: string
  /** It shows the output. */
  isShown: boolean
  /** The host has lost the connection to this terminal. */
  isLost: boolean
  /** The terminal is to be taken back: it does not attach again. */
  isEnding: boolean
  /** They wait until it is taken back. */
  blocks: Block[]
}

interface Run {
  facts: CollapsedRun
  /** A coding agent says it; that is not collapsed. */
  isAgent: boolean
  output: RunOutput
  /** Output that was added before the log brings it: a terminal has shown it, bytes. */
  aheadBytes: number
  elided?: EventPayload<'background.elided'>
}

export function createTranscript(options: TranscriptOptions): Transcript {
  const {size: firstSize, depth, paint, bindings = defaultBindings, showFolder, place, onChange} = options
  let size = firstSize
  const expandKey = bindings.labelOf('ctrl-]')
  const draw = (block: Block) => drawBlock(block, {columns: size.cols, paint: paint(), expandKey, showFolder})
  let lines: string[] = []
  /** The last line is `clearedScreen`, taken or not. */
  let isCleared = false
  let run: Run | undefined
  let collapsed: Transcript['collapsed']
  /** The prompt that runs, if its start was shown. */
  let begun: EventPayload<'message.start'> | undefined
  /** The last prompt whose output was left out. */
  let leftOut: string | undefined
  let activity = createAgentActivity()
  // Events wait here while earlier output is still being rendered, or a folder's branch is read: both take bounded time.
  const steps: (() => void | Promise<void>)[] = []
  let isStepping = false
  let settled = Promise.resolve()
  const runSteps = async () => {
    isStepping = true
    for (let step = steps.shift(); step !== undefined; step = steps.shift()) await step()
    isStepping = false
    onChange()
  }
  const next = (step: () => void | Promise<void>) => {
    steps.push(step)
    if (!isStepping) settled = runSteps()
  }

  const put = (...parts: readonly (readonly string[])[]) => {
    if (parts.some((part) => part.length > 0)) isCleared = false
    lines = lines.concat(...parts)
  }
  const collect = () => put(run?.output.takeLines() ?? [])
  /** After the finished lines of the output so far, but never inside its collapsed part. */
  const add = async (block: Block): Promise<void> => {
    if (handed?.isShown === true) return void handed.blocks.push(block)
    const drawn = draw(block)
    if (run === undefined || run.output.isCollapsing) {
      collect()
      put(drawn)
    } else for (const line of drawn) await run.output.insertLine(line)
    onChange()
  }

  /** Adds a block of the session: what an agent says before and after it are two texts. */
  const addInOrder = async (block: Block): Promise<void> => {
    if (run?.isAgent === true) await endRun()
    await add(block)
    if (block.kind === 'thought' || (block.kind === 'tool' && toolOutput(block).left > 0)) collapsed = block.part
  }

  const takeActivity = async (event: LoggedEvent) => {
    if (run?.isAgent === true && textEnds.has(event.type)) await endRun()
    for (const block of activity.take(event)) await addInOrder(block)
    onChange()
  }

  const onClear = () => {
    collect()
    put([clearedScreen])
    isCleared = true
  }

  /** Whether the output is what a coding agent says, and not that of a command in its session. */
  const isOfAgent = (promptId: string | undefined, info: SessionInfo | undefined): boolean => {
    const isInShell = promptId !== undefined && begun?.prompt_id === promptId && begun.in_shell === true
    return info !== undefined && info.agent !== 'shell' && !isInShell
  }

  const beginRun = (promptId: string | undefined, afterSeq: number, info: SessionInfo | undefined): Run => {
    const isAgent = isOfAgent(promptId, info)
    // The output of a shell has passed through a terminal; the output of another agent may not have.
    const convertEol = isAgent || info?.shell === undefined
    // The command is not known if the start of the run is not shown.
    const text = (begun?.prompt_id === promptId ? begun?.text : undefined) ?? '…'
    const output = isAgent
      ? createAgentAnswer({size, style: markdownStyle(paint, depth), onChange})
      : createRunOutput({size, depth, convertEol, onChange, onClear})
    return {facts: {kind: 'run', promptId, text, afterSeq, convertEol}, isAgent, output, aheadBytes: 0}
  }

  const putRest = ({facts, elided}: Run, {lines: rest, collapsedLines, tail}: RestOfOutput) => {
    put(rest)
    if (collapsedLines > 0) {
      collapsed = facts
      const drawn = elided === undefined ? [] : draw({...elided, kind: 'elided'})
      put(
        draw({kind: 'collapsed', lines: collapsedLines, key: expandKey}),
        drawn.filter((line) => !tail.includes(line)),
      )
    }
    put(tail)
  }

  /** Adds the rest of the output. */
  const endRun = async (promptId = run?.facts.promptId) => {
    if (run === undefined || run.facts.promptId !== promptId) return
    // Its host may have died with the attachment. One that has not begun is of a later run: this one is history.
    if (handed?.isShown === true) await takeBack({isOver: true})
    putRest(run, await run.output.end())
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

  const takeOutput = async ({type, payload, seq}: OutputEvent, info: SessionInfo | undefined) => {
    const promptId = type === 'message.delta' ? payload.prompt_id : undefined
    if (await isOfOtherPrompt(promptId)) return
    if (handed?.isShown === true) handed.onLogged(decodeOutput(payload))
    // What an agent says after its answer is background output.
    if (run?.isAgent === true && run.facts.promptId !== promptId) await endRun()
    run ??= beginRun(promptId, seq - 1, info)
    run.output.add(textAfter(payload, run.aheadBytes))
    run.aheadBytes = Math.max(0, run.aheadBytes - decodeOutput(payload).length)
  }

  const elide = async (payload: EventPayload<'background.elided'>, promptId?: string) => {
    if (handed?.isShown === true || (await isOfOtherPrompt(promptId))) return
    if (run === undefined) return add({...payload, kind: 'elided'})
    run.aheadBytes = Math.max(0, run.aheadBytes - payload.bytes)
    run.elided = payload
    for (const line of draw({...payload, kind: 'elided'})) await run.output.addLine(line)
  }

  /** The attachment of this terminal, until it is taken back. */
  let handed: HandedOver | undefined
  let back = Promise.withResolvers<string>()

  const handOver = async (
    {prompt_id: promptId, attach_id: id}: EventPayload<'attach.start'>,
    seq: number,
    info: SessionInfo | undefined,
  ) => {
    if (handed?.id !== id) return
    if (handed.isShown) return handed.onBegin('')
    run ??= beginRun(promptId, seq, info)
    // If the client attaches again meanwhile, the rest is still for this attachment, and `attach.start` of the next one follows.
    const {onBegin} = handed
    const {rest, ...finished} = await run.output.handOver()
    putRest(run, finished)
    handed.isShown = true
    isCleared = false
    onBegin(rest)
  }
  /** The output continues where the terminal has it. */
  const addAhead = (data: Uint8Array) => {
    if (run === undefined || data.length === 0) return
    run.output.add(Buffer.from(data).toString())
    run.aheadBytes = data.length
  }
  const takeBack = async ({isOver}: {isOver: boolean}) => {
    const ended = handed
    if (ended === undefined) return
    handed = undefined
    if (!ended.isShown) ended.onBegin(undefined)
    else addAhead(ended.onEnd())
    back.resolve(ended.isShown ? ((await run?.output.takeBack({isOver})) ?? '') : '')
    for (const block of ended.blocks) await add(block)
  }

  let isLost = false
  const addLost = async () => {
    const block = {kind: 'note', text: lostPart} as const
    if (run === undefined || handed?.isShown === true) return add(block)
    for (const line of draw(block)) await run.output.addLine(line)
  }

  return {
    handOver(id, watch) {
      if (handed === undefined) back = Promise.withResolvers()
      handed = {blocks: [], isShown: false, isEnding: false, ...handed, ...watch, id, isLost: false}
    },
    async takeBack({isForced}) {
      if (handed !== undefined) handed.isEnding = true
      if (isForced || handed?.isLost === true) next(() => takeBack({isOver: false}))
      return await back.promise
    },
    takeEvent(event, info) {
      if (event.type === 'event.lost' && !isLost) next(addLost)
      isLost = event.type === 'event.lost'
      if (info?.agent !== 'shell') next(() => takeActivity(event))
      if (isOutput(event)) return next(() => takeOutput(event, info))
      if (event.type === 'output.elided') return next(() => elide(event.payload, event.payload.prompt_id))
      if (event.type === 'background.elided') return next(() => elide(event.payload))
      if (event.type === 'attach.start') next(() => handOver(event.payload, event.seq, info))
      if (event.type === 'attach.end') {
        const {attach_id: id, reason} = event.payload
        next(async () => {
          if (handed?.id !== id) return
          // After a lost connection, the client attaches again.
          if (reason === 'client-gone' && !handed.isEnding) handed.isLost = true
          else await takeBack({isOver: reason === 'program-ended'})
        })
      }
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
      const where = event.type === 'message.start' && info !== undefined ? place?.(info) : undefined
      const addBlock = (at?: Place) => {
        const block = blockOf(event, at, info?.agent)
        // The command of a result is not on a cleared screen: a success would say nothing.
        const isOrphan = isCleared && block?.kind === 'run-end' && isSuccess(block)
        return block === undefined || isOrphan ? undefined : addInOrder(block)
      }
      next(() => (where instanceof Promise ? where.then(addBlock) : addBlock(where)))
    },
    add: (block) => next(() => add(block)),
    leave(block) {
      next(async () => {
        await endRun()
        collapsed = begun = leftOut = undefined
        activity = createAgentActivity()
        await add(block)
      })
    },
    takeLines() {
      collect()
      const taken = lines
      lines = []
      return taken
    },
    finishRows() {
      run?.output.finishRows()
      collect()
      for (const block of activity.unfinished()) put(draw(block))
    },
    finishLines: () => run?.output.finishLines(),
    view: () => run?.output.view(),
    activity: () => activity.view(),
    get settled() {
      return settled
    },
    get collapsed() {
      return collapsed
    },
    resize(newSize) {
      size = newSize
      run?.output.resize(newSize)
    },
  }
}

/** The text of an output without its first bytes. */
function textAfter(output: Parameters<typeof decodeOutput>[0], bytes: number): string {
  if (bytes === 0) return outputText(output)
  return Buffer.from(decodeOutput(output).subarray(bytes)).toString()
}
