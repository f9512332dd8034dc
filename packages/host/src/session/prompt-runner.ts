import type {EventLog} from '@holdfast/event-log'
import type {QueuedPrompt, SessionState} from '@holdfast/protocol'
import type {Size} from '@holdfast/shell'

import type {Agent, PromptOutcome} from '../agent/agent.ts'
import type {LogWriter} from './log-writer.ts'
import {afterEvents, completeEvent, holdEvents, startEvent} from './prompt-events.ts'
import type {NextStart} from './prompt-queue.ts'
import {describeCommand} from './shared-output.ts'

export interface PromptRunnerOptions {
  log: EventLog
  agent: Pick<Agent, 'shellFolder' | 'hasTerminal'>
  /** Of the terminal of the agent. */
  size: () => Size
  state: () => SessionState
  record: LogWriter['record']
  /** Why the session or its host ends; then no prompt starts. */
  ending: () => string | undefined
  /** Runs one prompt; never rejects. */
  run: (
    prompt: QueuedPrompt,
    context: readonly string[],
  ) => Promise<{outcome: PromptOutcome; durationMs: number | undefined}>
  /** Called before the event that starts a prompt. */
  beforeStart: () => void
  /** Resolves when a prompt may run whose start is event `seq`; `undefined`: at once. */
  mayBegin: (seq: number) => Promise<void> | undefined
  /** A prompt has run; its end is not recorded yet. */
  onRun: () => void
  /** The end of a prompt is committed, and the next one runs, if there is one. */
  onFinished: () => void
  onFault: (error: unknown) => void
}

/** Runs the prompts of a session one after another, and records how they end. */
export interface PromptRunner {
  /** Resolves when the end of the running prompt is recorded; undefined while none runs. */
  readonly running: Promise<void> | undefined
  /** The running prompt has not begun: its start is not in the cluster yet. */
  readonly isHeldBack: boolean
  /** The event that starts the first prompt of a queue that is not held, and a function that runs it once that is committed. */
  nextStart(queue: readonly QueuedPrompt[], cwd?: string): NextStart
  /** The running prompt is interrupted `by` a client: see `EventPayload<'message.complete'>`. */
  noteInterrupt(by: string | undefined): void
  /** Ends a prompt that has not begun. Returns false if there is none. */
  cutShort(): boolean
  /** Records the end of a prompt, and starts the next one. */
  finish(promptId: string, outcome: PromptOutcome & {by?: string | undefined}, durationMs: number | undefined): void
}

export function createPromptRunner(options: PromptRunnerOptions): PromptRunner {
  const {log, agent, size, state, record, ending, run, beforeStart, mayBegin, onRun, onFinished, onFault} = options
  let running: Promise<void> | undefined
  let interruptedBy: string | undefined
  let heldBack: (PromiseWithResolvers<void> & {isCutShort: boolean}) | undefined

  const nextStart: PromptRunner['nextStart'] = (queue, cwd = state().info.cwd) => {
    const next = queue.find(({held}) => held !== true)
    if (next === undefined || ending() !== undefined) return {events: [], begin() {}}
    beforeStart()
    const folder = agent.shellFolder?.(next.text)
    // The event that starts a prompt of the agent clears them.
    const shared = folder === undefined ? (state().agent?.shared ?? []) : []
    return {
      events: [startEvent(next, cwd, folder, agent.hasTerminal?.(next.text) === false ? undefined : size())],
      begin: () => {
        running = runNow(next, shared).catch(onFault)
      },
    }
  }

  const runNow = async (prompt: QueuedPrompt, shared: readonly string[]): Promise<void> => {
    interruptedBy = undefined
    const context = shared.flatMap((id) => describeCommand(log, id) ?? [])
    const begins = mayBegin(log.latestSeq)
    const isCutShort = begins !== undefined && (await holdBack(begins))
    const {outcome, durationMs} = isCutShort ? neverBegun : await run(prompt, context)
    running = undefined
    onRun()
    const reason = ending()
    const by = outcome.status === 'interrupted' && outcome.reason === 'user' ? interruptedBy : undefined
    finish(prompt.prompt_id, reason === undefined ? {...outcome, by} : {status: 'interrupted', reason}, durationMs)
  }

  /** Waits until the running prompt may begin. Returns whether it was cut short before. */
  const holdBack = async (begins: Promise<void>) => {
    const held = {...Promise.withResolvers<void>(), isCutShort: false}
    heldBack = held
    // A host that cannot learn when the prompt may begin is about to end, which cuts the prompt short.
    await Promise.race([begins.catch(() => held.promise), held.promise])
    heldBack = undefined
    // Also one that was cut short after it might begin, but before it did: its user has been told so.
    return held.isCutShort
  }

  const finish: PromptRunner['finish'] = (promptId, outcome, durationMs) => {
    let begin = () => {}
    const events = () => {
      const {queue, info, running: ended} = state()
      const hold = holdEvents(queue, outcome, ended?.text)
      const free = hold.length > 0 ? queue.filter(({hold_on_failure}) => hold_on_failure !== true) : queue
      const next = nextStart(free, outcome.cwd)
      begin = next.begin
      const end = completeEvent(promptId, outcome, durationMs, info.cwd)
      return [end, ...afterEvents(outcome, info), ...hold, ...next.events]
    }
    record(events, true, () => {
      begin()
      onFinished()
    })
  }

  return {
    get running() {
      return running
    },
    get isHeldBack() {
      return heldBack !== undefined
    },
    nextStart,
    noteInterrupt: (by) => void (interruptedBy = by),
    cutShort() {
      if (heldBack === undefined) return false
      heldBack.isCutShort = true
      heldBack.resolve()
      return true
    },
    finish,
  }
}

const neverBegun = {outcome: {status: 'interrupted', reason: 'user'} as const, durationMs: undefined}
