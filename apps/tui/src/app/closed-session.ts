import {readEvent, type Client} from '@holdfast/client'
import {type LoggedEvent, type Params} from '@holdfast/protocol'
import {toPlainLine, type ColorDepth} from '@holdfast/terminal'

import type {ScreenModel} from '../ui/screen-model.ts'
import {createTranscript} from '../ui/create-transcript.ts'
import {unbroken} from '../ui/unbroken.ts'

export interface ClosedSessionOptions {
  client: Pick<Client, 'request'>
  model: Pick<ScreenModel, 'snapshot' | 'addBlock' | 'setNotice'>
  depth: ColorDepth
  /** The command that prints a session. */
  showCommand: (sessionId: string) => string
}

/** Shows what is in the logs of closed sessions, while another session stays open. */
export interface ClosedSession {
  isClosed(id: string): Promise<boolean>
  /** Shows the prompt with the event `seq` and its output; without `seq`, the end of the session. */
  show(id: string, seq?: number): Promise<void>
}

/** As many as are shown of a session that is opened. */
const shownEvents = 1000

export function createClosedSession({client, model, depth, showCommand}: ClosedSessionOptions): ClosedSession {
  const read = async (params: Params<'session.events'>): Promise<readonly LoggedEvent[]> => {
    const {events} = await client.request('session.events', params)
    const readable = events.map((wire) => readEvent(wire, (warning) => model.setNotice(warning)))
    return readable.filter((event) => event !== undefined && 'seq' in event)
  }
  const readEnd = (id: string, limit: number) => read({session_id: id, before_seq: Number.MAX_SAFE_INTEGER, limit})
  const readAround = async (id: string, seq: number) => {
    const [before, after] = await Promise.all([
      read({session_id: id, before_seq: seq + 1, limit: shownEvents}),
      read({session_id: id, after_seq: seq, limit: shownEvents}),
    ])
    return promptAround([...before, ...after], seq)
  }

  return {
    async isClosed(id) {
      const [last] = await readEnd(id, 1)
      return last?.type === 'session.closed'
    },
    async show(id, seq) {
      const [[first], events] = await Promise.all([
        read({session_id: id, limit: 1}),
        seq === undefined ? readEnd(id, shownEvents) : readAround(id, seq),
      ])
      if (first?.type !== 'session.info') throw new Error(`Expected event 1 of session ${id} to describe it`)
      const transcript = createTranscript({
        size: model.snapshot.size,
        depth,
        paint: () => model.snapshot.paint,
        bindings: model.snapshot.bindings,
        onChange() {},
      })
      events.forEach((event) => transcript.takeEvent(event, first.payload))
      await transcript.settled
      transcript.finishRows()
      model.addBlock({kind: 'answer', parts: [{text: `From the closed session ${toPlainLine(first.payload.title)}:`}]})
      model.addBlock({kind: 'lines', lines: transcript.takeLines()})
      model.addBlock({kind: 'answer', parts: [{text: `All of that session: ${unbroken(showCommand(id))}`}]})
    },
  }
}

/** The events of one prompt, from its start to its end, as far as `events` has them. `seq`: one of these events. Pure. */
function promptAround(events: readonly LoggedEvent[], seq: number): readonly LoggedEvent[] {
  const found = events.find((event) => event.seq === seq)
  // It was accepted before it started.
  const isQueued = found?.type === 'prompt.queued'
  const starts = (event: LoggedEvent) =>
    event.type === 'message.start' && (!isQueued || event.payload.prompt_id === found.payload.prompt_id)
  const before = isQueued
    ? events.findIndex(starts)
    : events.findLastIndex((event) => event.seq <= seq && starts(event))
  const from = events.slice(Math.max(0, before))
  const end = from.findIndex(({type, seq: at}) => type === 'message.complete' && (isQueued || at >= seq))
  return end === -1 ? from : from.slice(0, end + 1)
}
