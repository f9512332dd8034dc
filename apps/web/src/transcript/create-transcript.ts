import type {LoggedEvent} from '@holdfast/client'
import type {SessionInfo} from '@holdfast/protocol'
import type {ActivityView} from '@holdfast/session-view'

import type {Block} from './block.ts'
import {createBlockBuilder, type BlockBuilder} from './build-blocks.ts'

export interface TranscriptView {
  blocks: readonly Block[]
  /** What a coding agent does at this moment. */
  activity: ActivityView | undefined
  /** `seq` of the first event. */
  firstSeq: number | undefined
  /** The log has older events. */
  hasOlder: boolean
  /** Changes when older blocks were added before the first one. */
  prepended: number
}

export interface Transcript {
  /** `seq` of the first event that it has. */
  readonly firstSeq: number | undefined
  readonly lastSeq: number | undefined
  /** All that it has, without a gap. */
  readonly events: readonly LoggedEvent[]
  /** Takes the next event. One that is there already is ignored. */
  add(event: LoggedEvent, info: SessionInfo): void
  /** Adds the events before the first one. */
  prepend(events: readonly LoggedEvent[]): void
  /** Forgets all of it. */
  clear(): void
  /** The same object again where nothing has changed. */
  view(): TranscriptView
}

/** Events, and UTF-16 units of their output, that are kept; of more, the oldest are dropped, and read again where the user goes there. */
const maxEvents = 60_000
const maxLength = 24 * 1024 * 1024

/** The events of a session as the blocks that the page shows. */
export function createTranscript(): Transcript {
  let events: LoggedEvent[] = []
  let info: SessionInfo | undefined
  let length = 0
  let builder: BlockBuilder = createBlockBuilder()
  let prepended = 0
  let shown: TranscriptView | undefined

  const rebuild = () => {
    builder = createBlockBuilder()
    for (const event of events) builder.add(event, info)
    shown = undefined
  }
  /** Down to half: each time, all blocks are made anew. */
  const dropOldest = () => {
    if (events.length <= maxEvents && length <= maxLength) return
    let at = 0
    for (; at < events.length && (events.length - at > maxEvents / 2 || length > maxLength / 2); at++)
      length -= lengthOf(events[at])
    events = events.slice(at)
    rebuild()
  }

  return {
    get firstSeq() {
      return events[0]?.seq
    },
    get lastSeq() {
      return events.at(-1)?.seq
    },
    get events() {
      return events
    },
    clear() {
      events = []
      length = 0
      rebuild()
    },
    add(event, newInfo) {
      const last = events.at(-1)
      if (last !== undefined && event.seq <= last.seq) return
      info = newInfo
      events.push(event)
      length += lengthOf(event)
      builder.add(event, info)
      shown = undefined
      dropOldest()
    },
    prepend(older) {
      if (older.length === 0) return
      events = [...older, ...events]
      length += older.reduce((sum, event) => sum + lengthOf(event), 0)
      prepended++
      rebuild()
    },
    view() {
      shown ??= {
        blocks: builder.blocks(),
        activity: builder.activity(),
        firstSeq: events[0]?.seq,
        hasOlder: (events[0]?.seq ?? 1) > 1,
        prepended,
      }
      return shown
    },
  }
}

/** About what an event takes in memory, UTF-16 units. */
function lengthOf(event: LoggedEvent | undefined): number {
  if (event === undefined || event.type === 'unknown') return 100
  const {text, base64} = event.payload as {text?: unknown; base64?: unknown}
  const output = typeof text === 'string' ? text : typeof base64 === 'string' ? base64 : ''
  return 100 + output.length
}
