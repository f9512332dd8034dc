import * as z from 'zod'

import {isWhole, joinHeadAndTail, keepHeadAndTail, nothingKept} from '../head-and-tail.ts'
import {loggedEvents} from '../log-events.ts'
import {defineTool} from '../tool.ts'
import {createTranscript, lengthOf} from '../transcript.ts'
import {maxOutput, maxOutputLength, session} from './arguments.ts'

/** What is read without an `after_seq`. */
const defaultEvents = 100

const input = z.strictObject({
  session,
  after_seq: z
    .int()
    .min(-10_000)
    .default(-defaultEvents)
    .describe(
      `Read the events after this one: the \`next_seq\` of another result. 0: from the beginning; negative: that many of the last ones. Default: the last ${defaultEvents}.`,
    ),
  max_output: maxOutput.describe('The most characters to return. `next_seq` then says where to read on.'),
})

export const read = defineTool({
  name: 'read',
  title: 'Read a session',
  description:
    'Returns what happened in a session: its commands, what they printed, how they ended. Also of a session that is closed, and of a run whose output was too long or whose answer you did not get.',
  input,
  isReadOnly: true,
  async call({session: sessionId, after_seq, max_output}, {client, requireAccess}, {signal}) {
    await requireAccess(sessionId, 'read')
    const {latest_seq} = await client.request('session.events', {session_id: sessionId, limit: 1})
    const afterSeq = after_seq < 0 ? Math.max(0, latest_seq + after_seq) : after_seq
    const transcript = createTranscript()
    let nextSeq = afterSeq
    for await (const event of loggedEvents(client, sessionId, afterSeq)) {
      // The first one is taken whatever its length: else it would never be read.
      const isFirst = nextSeq === afterSeq
      if (signal.aborted || (!isFirst && transcript.length + lengthOf(event) > max_output)) break
      transcript.add(event)
      nextSeq = event.seq
    }
    const shown = keepHeadAndTail(nothingKept, transcript.end(), max_output)
    return {
      facts: {
        session: sessionId,
        next_seq: nextSeq,
        latest_seq,
        has_more: nextSeq < latest_seq,
        ...(!isWhole(shown) && {
          left_out: `the same call with a larger max_output, up to ${maxOutputLength}, returns what is left out`,
        }),
      },
      text: joinHeadAndTail(shown),
    }
  },
})
