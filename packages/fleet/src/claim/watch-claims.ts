import type {Fleet} from '../stream/fleet.ts'
import {natsOf} from '../stream/nats-of.ts'
import {sessionSubjects} from '../stream/subjects.ts'

/**
 * Calls `onClaim` when somebody seems to claim the session, so that its holder can check at once; and once when the server has the
 * subscription, for claims made before that. Only a hint: NATS delivers it at most once, and the claim may be refused. Returns a function
 * that unsubscribes.
 */
export function watchClaims(fleet: Fleet, sessionId: string, onClaim: () => void): () => void {
  const {claims} = sessionSubjects(fleet.name, fleet.shards, sessionId)
  const {connection} = natsOf(fleet)
  const subscription = connection.subscribe(claims, {
    // Without the permission, the holder finds out with its next message.
    callback(error) {
      if (error === null) onClaim()
    },
  })
  // A connection that is lost asks again when it is back.
  connection.flush().then(onClaim, () => {})
  return () => subscription.unsubscribe()
}
