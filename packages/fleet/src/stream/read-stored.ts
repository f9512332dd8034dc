import type {DeliverPolicy, JsMsg} from '@nats-io/jetstream'

import {FleetError} from '../fleet-error.ts'
import type {Fleet} from './fleet.ts'
import {natsOf} from './nats-of.ts'

/** Messages in one request. */
const maxMessages = 500

/**
 * Yields the messages of a subject that are stored now: no more than the server has announced, as others may write on, and its count of what
 * is left may be too high by those that were replaced. Throws if they do not come.
 */
export async function* readStored(
  fleet: Fleet,
  stream: string,
  {subject, policy}: {subject: string; policy: DeliverPolicy},
): AsyncGenerator<JsMsg, void> {
  const consumer = await natsOf(fleet).jetstream.consumers.get(stream, {
    filter_subjects: subject,
    deliver_policy: policy,
  })
  try {
    let left = (await consumer.info()).num_pending
    for (let unanswered = 0; left > 0;) {
      let isEmpty = true
      for await (const message of await consumer.fetch({max_messages: Math.min(left, maxMessages), expires: 1000})) {
        isEmpty = false
        left = Math.min(left - 1, message.info.pending)
        yield message
      }
      if (!isEmpty) continue
      // It may have been removed meanwhile: a lease that runs out, or a session that is deleted.
      left = Math.min(left, (await consumer.info()).num_pending)
      if (++unanswered === 3)
        throw new FleetError('unreachable', `The cluster does not send what is stored in ${stream}`)
    }
  } finally {
    void consumer.delete().catch(() => {})
  }
}
