import type {Fleet} from '../stream/fleet.ts'
import {natsOf} from '../stream/nats-of.ts'
import {sessionSubjects} from '../stream/subjects.ts'

/**
 * Calls `onClaim` when somebody seems to claim a session, so that its holder can ask at once. Only a hint: the server sends it once at most,
 * and the claim may be refused. Returns a function that ends this.
 */
export function watchClaims(fleet: Fleet, sessionId: string, onClaim: () => void): () => void {
  const {claims} = sessionSubjects(fleet.name, fleet.shards, sessionId)
  const subscription = natsOf(fleet).connection.subscribe(claims, {
    // Without the permission, the holder finds out with its next message.
    callback(error) {
      if (error === null) onClaim()
    },
  })
  return () => subscription.unsubscribe()
}
