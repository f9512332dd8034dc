import {stripVTControlCharacters} from 'node:util'

import {promptIdOf} from '@holdfast/event-log'
import {outputText, type SessionEvent, type UnknownEvent} from '@holdfast/protocol'

/** A line that contains all words. */
export interface SearchHit {
  /** The seq of the event in which the line ends. */
  seq: number
  at: number
  prompt_id?: string | undefined
  /** The line without escape sequences; of a long line, the part around the first word. */
  text: string
}

export interface LineSearch {
  /** Takes the next event of a session, and returns the first hits that it completes. */
  take(event: SessionEvent | UnknownEvent): SearchHit[]
  /** Returns the hits in a last line that has no end. */
  flush(): SearchHit[]
}

/** Of a line that is longer, UTF-16 units, words are looked for in pieces of about this length. */
const maxLineLength = 16_384

/** The most characters of a line to return. */
const maxTextLength = 300

/**
 * Finds lines that contain all words, in any order and case, in titles, prompts, notes and output. A line of output may be
 * spread over any number of events. `maxHits`: how many to return of one event, which may have a million lines.
 */
export function createLineSearch(words: readonly string[], maxHits: number): LineSearch {
  const wanted = words.map((word) => word.toLowerCase())
  /** The line of output that has no end yet, and its last event. */
  let unfinished = ''
  let last: SessionEvent | undefined

  const find = (text: string, event: SessionEvent): SearchHit[] => {
    const plain = text.includes('\u001b') ? stripVTControlCharacters(text) : text
    // Most events contain no hit: it pays to split only the others into lines.
    if (!containsAll(plain, wanted)) return []
    const hits: SearchHit[] = []
    for (const line of plain.split(/[\r\n]+/)) {
      if (!containsAll(line, wanted)) continue
      hits.push({seq: event.seq, at: event.at, prompt_id: promptIdOf(event), text: excerpt(line, wanted)})
      if (hits.length === maxHits) break
    }
    return hits
  }

  const flush = (): SearchHit[] => {
    const text = unfinished
    unfinished = ''
    return last === undefined ? [] : find(text, last)
  }

  const takeOutput = (event: Extract<SessionEvent, {type: 'message.delta' | 'background.output'}>): SearchHit[] => {
    const text = unfinished + outputText(event.payload)
    const lineEnd = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1
    const end = text.length - lineEnd > maxLineLength ? text.length : lineEnd
    unfinished = text.slice(end)
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
        // What follows a lost event may not continue the line before it.
        case 'event.lost':
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
