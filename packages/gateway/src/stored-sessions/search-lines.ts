import {stripVTControlCharacters} from 'node:util'

import {promptIdOf} from '@holdfast/event-log'
import {outputText, type SessionEvent, type UnknownEvent} from '@holdfast/protocol'

import {textsOfAgent} from './texts-of-agent.ts'

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
  /** Returns the hits in last lines that have no end. */
  flush(): SearchHit[]
}

/** Of a line that is longer, UTF-16 units, words are looked for in pieces of about this length. */
const maxLineLength = 16_384

/** The most characters of a line to return. */
const maxTextLength = 300

/** Texts that go on at a time, such as the outputs of terminals. The end of the oldest is taken for that of its last line. */
const maxTexts = 64

/** Lines of one prompt that are remembered, because an agent says again and again what its tools and its plan are. */
const maxKnownLines = 1000

/** The last event of a text, and its line that has no end yet. */
interface Unfinished {
  line: string
  last: SessionEvent
}

/**
 * Finds lines that contain all words, in any order and case, in titles, prompts, notes, output, and in what a coding agent thinks
 * and does. A line of output may be spread over any number of events. `maxHits`: how many to return of one event, which may have
 * a million lines.
 */
export function createLineSearch(words: readonly string[], maxHits: number): LineSearch {
  const wanted = words.map((word) => word.toLowerCase())
  const unfinished = new Map<string, Unfinished>()
  const known = new Set<string>()

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

  const end = (name: string): SearchHit[] => {
    const text = unfinished.get(name)
    unfinished.delete(name)
    return text === undefined ? [] : find(text.line, text.last)
  }
  const flush = (): SearchHit[] => [...unfinished.keys()].flatMap(end)

  /** `name`: of the text that goes on with the event. */
  const goOn = (name: string, more: string, event: SessionEvent): SearchHit[] => {
    const text = (unfinished.get(name)?.line ?? '') + more
    const lineEnd = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1
    const until = text.length - lineEnd > maxLineLength ? text.length : lineEnd
    unfinished.delete(name)
    unfinished.set(name, {line: text.slice(until), last: event})
    const oldest = unfinished.size > maxTexts ? unfinished.keys().next().value : undefined
    return [...(oldest === undefined ? [] : end(oldest)), ...(until === 0 ? [] : find(text.slice(0, until), event))]
  }

  /** What was not found in the same prompt before. */
  const findNew = (text: string, event: SessionEvent): SearchHit[] => {
    const hits = find(text, event).filter((hit) => !known.has(hit.text))
    for (const hit of hits) if (known.size < maxKnownLines) known.add(hit.text)
    return hits
  }

  return {
    flush,
    take(event) {
      switch (event.type) {
        case 'message.delta':
        case 'background.output':
          return goOn('output', outputText(event.payload), event)
        case 'thought.delta':
          return goOn('thought', event.payload.text, event)
        case 'terminal.output':
          return goOn(event.payload.terminal_id, outputText(event.payload), event)
        case 'terminal.exited':
          return end(event.payload.terminal_id)
        case 'session.info':
          return find(event.payload.title, event)
        case 'session.marked':
          return find(event.payload.name, event)
        case 'prompt.queued':
        case 'note':
          return find(event.payload.text, event)
        case 'message.start':
        case 'message.complete':
          known.clear()
          return flush()
        // What follows a lost event may not continue the line before it.
        case 'event.lost':
          return flush()
        default:
          return event.type === 'unknown' ? [] : textsOfAgent(event).flatMap((text) => findNew(text, event))
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
