import type {LoggedEvent} from '@holdfast/client'
import {outputText, type SessionInfo} from '@holdfast/protocol'

/** A part of a transcript. */
export interface Block {
  id: number
  text: string
}

export interface TranscriptView {
  blocks: readonly Block[]
  /** The log has older events. */
  hasOlder: boolean
}

export interface Transcript {
  /** Of the first event that it has. */
  readonly firstSeq: number | undefined
  add(event: LoggedEvent, info: SessionInfo): void
  /** Adds the events before the first one. */
  prepend(events: readonly LoggedEvent[]): void
  view(): TranscriptView
}

/** The events of a session as the blocks that the page shows. */
export function createTranscript(): Transcript {
  let events: LoggedEvent[] = []
  return {
    get firstSeq() {
      return events[0]?.seq
    },
    add: (event) => void events.push(event),
    prepend: (older) => void (events = [...older, ...events]),
    view: () => ({blocks: events.flatMap(blockOf), hasOlder: (events[0]?.seq ?? 1) > 1}),
  }
}

function blockOf(event: LoggedEvent): Block[] {
  if (event.type === 'message.start') return [{id: event.seq, text: `❯ ${event.payload.text}`}]
  if (event.type === 'message.delta') return [{id: event.seq, text: outputText(event.payload)}]
  return []
}
