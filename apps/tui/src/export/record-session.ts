import type {Client} from '@holdfast/client'
import type {SessionSummary} from '@holdfast/protocol'
import {createProgramScreen} from '@holdfast/terminal'

import type {OutputStream} from '../process/standard-output.ts'
import {readLog} from '../sessions/read-log.ts'
import {formatCastEvent, formatCastHeader, type CastEvent} from './asciicast.ts'
import {createCastReader, type CastReader} from './cast-reader.ts'

/** The part of a session to record. */
export interface RecordedPart {
  /** The seq of its first event. */
  from: number
  /** The seq of its last event. @default the last one of the session */
  to?: number | undefined
}

/** Writes a recording of a session from its log. One that begins later begins with the screen as it was then. */
export async function writeRecording(
  client: Client,
  {id, title, created_at}: Pick<SessionSummary, 'id' | 'title' | 'created_at'>,
  output: OutputStream,
  {from, to}: RecordedPart,
): Promise<void> {
  const reader = createCastReader()
  let startedAt: number | undefined
  const begin = (at: number) => {
    startedAt = at
    output.write(formatCastHeader({title, ...reader.size, startedAt}))
    return at
  }
  const write = ({at, kind, text}: CastEvent) => {
    // The header has the first size.
    if (startedAt === undefined && kind === 'resize') return
    output.write(formatCastEvent({at: (at - (startedAt ?? begin(at))) / 1000, kind, text}))
  }
  if (from > 1) {
    const screen = await paintBefore(client, id, reader, from)
    if (screen !== undefined) write({...screen, kind: 'output'})
  }
  await readLog(client, id, {
    afterSeq: Math.max(0, from - 1),
    beforeSeq: to === undefined ? undefined : to + 1,
    frames: true,
    onEvent: (event) => reader.read(event).forEach(write),
    stdout: output,
  })
  if (startedAt === undefined) begin(created_at)
}

/** Plays what comes before an event into a terminal in memory, and paints it. `undefined`: it shows nothing. */
async function paintBefore(
  client: Client,
  sessionId: string,
  reader: CastReader,
  beforeSeq: number,
): Promise<{at: number; text: string} | undefined> {
  let caughtUp = Promise.resolve()
  let onCaughtUp = () => {}
  const screen = createProgramScreen({
    size: reader.size,
    onBehind(isBehind) {
      if (!isBehind) return onCaughtUp()
      const {promise, resolve} = Promise.withResolvers<void>()
      caughtUp = promise
      onCaughtUp = resolve
    },
  })
  await screen.load()
  let at: number | undefined
  await readLog(client, sessionId, {
    afterSeq: 0,
    beforeSeq,
    frames: true,
    onEvent(event) {
      for (const cast of reader.read(event)) {
        if (cast.kind === 'resize') screen.resize(reader.size)
        if (cast.kind === 'output') screen.write(Buffer.from(cast.text))
        at = cast.at
      }
    },
    stdout: {isFull: false, flushed: () => caughtUp},
  })
  const text = await screen.paint({covered: true})
  screen.clear()
  return at === undefined ? undefined : {at, text}
}
