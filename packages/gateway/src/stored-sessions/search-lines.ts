import {stripVTControlCharacters} from 'node:util'

import {promptIdOf} from '@holdfast/event-log'
import {decodeOutput, type SessionEvent, type UnknownEvent} from '@holdfast/protocol'

/** A line in which all words are. */
export interface SearchHit {
  /** Of the event with which the line ended. */
  seq: number
  at: number
  prompt_id?: string
  /** The line without what only a terminal obeys; of a long one, what is around the first word. */
  text: string
}

export interface LineSearch {
  /** Takes the events of one session in order; gives what was found by this one. */
  take(event: SessionEvent | UnknownEvent): SearchHit[]
  /** Gives what is found in a line that has no end yet. */
  flush(): SearchHit[]
}

/** Of a line that is longer, UTF-16 units, words are looked for in pieces of about this length. */
const maxLineLength = 16_384

/** Of a found line, at most so much is given. */
const maxTextLength = 300

const decoder = new TextDecoder()

/**
 * Looks for lines that contain all words, in whatever order and case: in titles, prompts, notes and output. A line of output
 * may be spread over any number of events.
 */
export function createLineSearch(words: readonly string[]): LineSearch {
  const wanted = words.map((word) => word.toLowerCase())
  /** The line of output that has no end yet, and the last event of it. */
  let waiting = ''
  let last: SessionEvent | undefined

  const find = (text: string, event: SessionEvent): SearchHit[] => {
    const plain = text.includes('\u001b') ? stripVTControlCharacters(text) : text
    // Most of the time it is not there: only then is it worth while to look at each line.
    if (!containsAll(plain, wanted)) return []
    const promptId = promptIdOf(event)
    return plain
      .split(/[\r\n]+/)
      .filter((line) => containsAll(line, wanted))
      .map((line) => ({
        seq: event.seq,
        at: event.at,
        ...(promptId === undefined ? {} : {prompt_id: promptId}),
        text: excerpt(line, wanted),
      }))
  }

  const flush = (): SearchHit[] => {
    const text = waiting
    waiting = ''
    return last === undefined ? [] : find(text, last)
  }

  const takeOutput = (event: Extract<SessionEvent, {type: 'message.delta' | 'background.output'}>): SearchHit[] => {
    const text = waiting + (event.payload.text ?? decoder.decode(decodeOutput(event.payload)))
    const lineEnd = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1
    const end = text.length - lineEnd > maxLineLength ? text.length : lineEnd
    waiting = text.slice(end)
    last = event
    return end === 0 ? [] : find(text.slice(0, end), event)
  }

  return {
    flush,
    take(event) {
      switch (event.type) {
        case 'message.delta':
        case 'background.output':
          return takeOutput(event)
        case 'session.info':
          return find(event.payload.title, event)
        case 'prompt.queued':
        case 'note':
          return find(event.payload.text, event)
        case 'message.start':
        case 'message.complete':
          return flush()
        default:
          return []
      }
    },
  }
}

function containsAll(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase()
  return words.every((word) => lower.includes(word))
}

function excerpt(line: string, [word = '']: readonly string[]): string {
  const text = line.trim()
  if (text.length <= maxTextLength) return text
  const from = Math.max(0, text.toLowerCase().indexOf(word) - maxTextLength / 3)
  return text
    .slice(from, from + maxTextLength)
    .toWellFormed()
    .trim()
}
