import type {EventPayload} from '@holdfast/protocol'

import {cutLine, linesOf} from '../agent/plain-lines.ts'
import type {AgentBlock} from './agent-blocks.ts'

/** The end of a thought that is kept, to show its last line, UTF-16 units. */
const maxKept = 4096

interface Thought {
  promptId: string
  beganAt: number
  afterSeq: number
  end: string
}

/** What an agent thinks: its last line while it thinks, and one block when it does something else. */
export interface ThoughtWatch {
  add(payload: EventPayload<'thought.delta'>, event: {at: number; seq: number}): readonly AgentBlock[]
  end(event: {at: number; seq: number}): readonly AgentBlock[]
  view(): {beganAt: number; lastLine: string} | undefined
}

export function createThoughtWatch(): ThoughtWatch {
  let thought: Thought | undefined
  return {
    add({text, prompt_id: promptId}, {at, seq}) {
      thought ??= {promptId, beganAt: at, afterSeq: seq - 1, end: ''}
      thought.end = (thought.end + text).slice(-maxKept)
      return []
    },
    end({at, seq}) {
      if (thought === undefined) return []
      const {promptId, beganAt, afterSeq} = thought
      thought = undefined
      return [
        {
          kind: 'thought',
          durationMs: at - beganAt,
          part: {kind: 'thought', promptId, title: 'Thought', afterSeq, untilSeq: seq},
        },
      ]
    },
    view() {
      if (thought === undefined) return undefined
      const lastLine = linesOf(thought.end).findLast((line) => line.trim() !== '')
      return {beganAt: thought.beganAt, lastLine: cutLine((lastLine ?? '').trim())}
    },
  }
}
