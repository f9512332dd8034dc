import type {Fleet} from '../stream/fleet.ts'
import {natsOf} from '../stream/nats-of.ts'
import {sessionSubjects} from '../stream/subjects.ts'

/**
 * Calls `onClaim` once the server knows of this, as somebody may have claimed the session meanwhile, and when somebody seems to claim it,
 * so that its holder can ask at once. Only a hint: the server sends it once at most, and the claim may be refused. Returns a function that
 * ends this.
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
