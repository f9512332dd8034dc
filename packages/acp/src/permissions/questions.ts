import {randomUUID} from 'node:crypto'

import {isPeerGone} from '@holdfast/rpc'

import type {PermissionRequest} from '../schema/agent-requests.ts'
import type {ToolCall} from '../schema/tool-call.ts'

/** The agent asks whether it may do something. */
export interface Question {
  /** Made here, and used once. */
  id: string
  tool: ToolCall
  options: {
    optionId: string
    name: string
    /** `allow_once`, `allow_always`, `reject_once` or `reject_always`, as the agent says. */
    kind: string
  }[]
}

/** How a question ended. Only an answer of the user, or of the policy that the program passed in, grants anything. */
export type QuestionEnd =
  | {kind: 'answered'; optionId: string; by: 'user' | 'policy'}
  /** The prompt was cancelled. */
  | {kind: 'cancelled'}
  /** The agent took it back, or is gone: nobody waits for the answer. */
  | {kind: 'withdrawn'; reason: string}

/** Whether the answer to a question is to reject. */
export function isRejection({options}: Question, end: QuestionEnd): boolean {
  const chosen = end.kind === 'answered' && options.find(({optionId}) => optionId === end.optionId)
  return chosen ? chosen.kind.startsWith('reject') : false
}

export type QuestionEvent =
  {type: 'question'; question: Question} | {type: 'question.end'; questionId: string; end: QuestionEnd}

export interface QuestionsOptions {
  emit(event: QuestionEvent): void
  /** Returns the id of an option to answer without asking the user; anything else asks. */
  decide?: ((question: Question) => string | undefined) | undefined
}

/** The answer on the wire. */
type Outcome = {outcome: 'cancelled'} | {outcome: 'selected'; optionId: string}

/** More open questions are refused: one agent cannot fill the memory with them. */
const MAX_OPEN = 64

interface Open {
  question: Question
  settle(outcome: Outcome): void
}

/** The open questions of one agent. The first answer to each counts. */
export function createQuestions({emit, decide}: QuestionsOptions) {
  const open = new Map<string, Open>()
  let rejections = 0

  function end(id: string, how: QuestionEnd): boolean {
    const found = open.get(id)
    if (!found) return false
    open.delete(id)
    if (isRejection(found.question, how)) rejections++
    emit({type: 'question.end', questionId: id, end: how})
    found.settle(how.kind === 'answered' ? {outcome: 'selected', optionId: how.optionId} : {outcome: 'cancelled'})
    return true
  }

  function endAll(how: QuestionEnd): void {
    for (const id of open.keys()) end(id, how)
  }

  return {
    /** Resolves with the outcome for the agent. */
    ask({toolCall, options}: PermissionRequest, signal: AbortSignal): Promise<Outcome> {
      if (open.size >= MAX_OPEN) return Promise.reject(new Error(`${MAX_OPEN} questions are open already`))
      const question: Question = {id: randomUUID(), tool: toolCall, options}
      return new Promise((settle) => {
        // First: if this throws, the agent gets an error, and no question stays open.
        const optionId = decide?.(question)
        open.set(question.id, {question, settle})
        emit({type: 'question', question})
        signal.addEventListener('abort', () => {
          const reason = isPeerGone(signal.reason) ? 'the agent is gone' : 'the agent took it back'
          end(question.id, {kind: 'withdrawn', reason})
        })
        if (options.some((option) => option.optionId === optionId)) {
          end(question.id, {kind: 'answered', optionId: optionId!, by: 'policy'})
        }
      })
    },
    /** False if the question is not open any more. Throws `RangeError` for an option that it does not have. */
    answer(id: string, optionId: string): boolean {
      const question = open.get(id)?.question
      if (!question) return false
      const ids = question.options.map((option) => option.optionId)
      if (!ids.includes(optionId)) throw new RangeError(`Expected one of ${ids.join(', ')}, got \`${optionId}\``)
      return end(id, {kind: 'answered', optionId, by: 'user'})
    },
    /** How many were answered with a rejection. */
    get rejections() {
      return rejections
    },
    cancelAll: () => endAll({kind: 'cancelled'}),
    get open(): readonly Question[] {
      return [...open.values()].map(({question}) => question)
    },
  }
}
export type Questions = ReturnType<typeof createQuestions>
