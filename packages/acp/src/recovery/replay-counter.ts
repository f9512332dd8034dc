import type {UpdateEvent} from '../events/update-events.ts'

/** Counts what an agent replays of a session. Keeps nothing of it. */
export function createReplayCounter() {
  let prompts = 0
  let taken = 0
  let lastId: string | undefined
  return {
    /**
     * True if the event is a part of the history, and is not to be passed on. Settings, commands and the like describe the
     * session as it is now.
     */
    take(event: UpdateEvent): boolean {
      if (!history.has(event.type)) return false
      taken++
      if (event.type === 'message' && event.from === 'user' && event.content.type === 'text') {
        // Without ids, two prompts without an answer between them look like the chunks of one. Each chunk counts, so that a
        // user is never told that something is missing which is there.
        if (event.messageId === undefined || event.messageId !== lastId) prompts++
        lastId = event.messageId
      }
      return true
    },
    get prompts() {
      return prompts
    },
    /** How many events it has taken. */
    get taken() {
      return taken
    },
  }
}
export type ReplayCounter = ReturnType<typeof createReplayCounter>

const history: ReadonlySet<UpdateEvent['type']> = new Set([
  'message',
  'thought',
  'tool',
  'tool.update',
  'plan',
  'notice',
  'compaction',
  'compaction.summary',
  'other',
])
