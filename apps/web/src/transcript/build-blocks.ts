import type {LoggedEvent} from '@holdfast/client'
import {outputText, type EventPayload, type SessionInfo} from '@holdfast/protocol'
import {
  createAgentActivity,
  describeElided,
  describeMark,
  describeShellExited,
  drawnNoMore,
  lostPart,
  textEnds,
  wasWithdrawn,
  type ActivityView,
} from '@holdfast/session-view'

import {createAnswer, type Answer} from './answer.ts'
import type {Block} from './block.ts'
import {createOutputLines, type OutputLines} from './output-lines.ts'

export interface BlockBuilder {
  /** Takes the next event. */
  add(event: LoggedEvent, info: SessionInfo | undefined): void
  /** The blocks so far; a new list where one has changed. */
  blocks(): readonly Block[]
  activity(): ActivityView | undefined
}

type Content = {kind: 'output'; output: OutputLines} | {kind: 'answer'; answer: Answer}

/** Output that goes on. */
interface Run {
  id: string
  /** Its place in the list. */
  at: number
  /** `undefined` for background output. */
  promptId: string | undefined
  content: Content
}

/** Turns the events of one session into blocks, in their order. */
export function createBlockBuilder(): BlockBuilder {
  const list: Block[] = []
  let shown: readonly Block[] | undefined
  let run: Run | undefined
  /** It has grown since its block was made. */
  let hasGrown = false
  let begun: EventPayload<'message.start'> | undefined
  const activity = createAgentActivity()
  /** Several blocks of one event. */
  let [seq, count] = [0, 0]
  let isLost = false

  const nextId = () => `${seq}.${count++}`
  const put = (block: Block) => {
    refresh()
    list.push(block)
    shown = undefined
  }
  /** The block of the output as it is now. */
  const refresh = (isRunning = true) => {
    if (run === undefined || !(hasGrown || !isRunning)) return
    hasGrown = false
    const {id, at, promptId, content} = run
    shown = undefined
    list[at] =
      content.kind === 'answer'
        ? {kind: 'answer', id, ...content.answer.view()}
        : {kind: 'output', id, output: content.output, promptId, isRunning}
  }
  const endRun = () => {
    if (run === undefined) return
    if (run.content.kind === 'answer') run.content.answer.end()
    refresh(false)
    run = undefined
  }
  const beginRun = (promptId: string | undefined, info: SessionInfo | undefined): Run => {
    const isInShell = begun?.prompt_id === promptId && begun?.in_shell === true
    const isAnswer = info !== undefined && info.agent !== 'shell' && !isInShell
    const content: Content = isAnswer
      ? {kind: 'answer', answer: createAnswer()}
      : {kind: 'output', output: createOutputLines()}
    const begins = {id: nextId(), at: list.length, promptId, content}
    list.push({kind: 'note', id: begins.id, text: '', isWarning: false})
    shown = undefined
    hasGrown = true
    return begins
  }
  const addOutput = (promptId: string | undefined, info: SessionInfo | undefined, add: (run: Run) => void) => {
    // What an agent says after its answer is background output.
    if (run !== undefined && run.promptId !== promptId) endRun()
    run ??= beginRun(promptId, info)
    add(run)
    hasGrown = true
  }
  const note = (text: string, isWarning = false) => put({kind: 'note', id: nextId(), text, isWarning})
  /** Within the output, where it stands for a part of that. */
  const remark = (text: string) => {
    if (run?.content.kind !== 'output') return note(text)
    run.content.output.addNote(text)
    hasGrown = true
  }

  const addAgent = (event: LoggedEvent) => {
    if (run?.content.kind === 'answer' && textEnds.has(event.type)) endRun()
    for (const part of activity.take(event)) {
      if (run?.content.kind === 'answer') endRun()
      put({kind: 'agent', id: nextId(), part})
    }
  }

  return {
    add(event, info) {
      seq = event.seq
      count = 0
      if (event.type === 'event.lost' && !isLost) remark(lostPart)
      isLost = event.type === 'event.lost'
      if (info?.agent !== 'shell') addAgent(event)
      switch (event.type) {
        case 'message.start': {
          endRun()
          begun = event.payload
          const {text, cwd, in_shell} = event.payload
          const isForAgent = info !== undefined && info.agent !== 'shell' && in_shell !== true
          return put({kind: 'prompt', id: nextId(), text, at: event.at, folder: cwd, isForAgent})
        }
        case 'message.delta':
        case 'background.output': {
          const text = outputText(event.payload)
          const promptId = event.type === 'message.delta' ? event.payload.prompt_id : undefined
          return addOutput(promptId, info, ({content}) =>
            content.kind === 'answer' ? content.answer.add(text) : content.output.add(text),
          )
        }
        case 'output.elided':
        case 'background.elided':
          return remark(describeElided(event.payload))
        case 'screen.elided':
          return event.payload.bytes === undefined ? remark(drawnNoMore) : undefined
        case 'message.complete':
          // A prompt that was cancelled in the queue may end while another one runs.
          if (run?.promptId === event.payload.prompt_id) endRun()
          if (begun?.prompt_id === event.payload.prompt_id) begun = undefined
          if (!wasWithdrawn(event.payload)) put({kind: 'end', id: nextId(), payload: event.payload})
          return
        case 'session.closed':
          endRun()
          return put({kind: 'closed', id: nextId()})
        case 'shell.exited':
          return note(describeShellExited(event.payload))
        case 'session.marked':
          return note(describeMark(event.payload))
        case 'note':
          return note(event.payload.text, event.payload.level === 'warning')
      }
    },
    blocks() {
      refresh()
      shown ??= list.slice()
      return shown
    },
    activity: () => activity.view(),
  }
}
