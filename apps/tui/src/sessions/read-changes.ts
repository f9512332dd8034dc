import {readEvent, type Client} from '@holdfast/client'
import {changesOf, joinChanges, type FileChange} from '@holdfast/session-view'

/** Pages of the log that are read at most, newest first. */
const maxPages = 1000
/** UTF-16 units of the texts that are kept; the rest of the log is not read. */
const maxLength = 32 * 1024 * 1024

/**
 * The changes of files that the tools of a session reported, oldest first; those of a tool that failed are left out, and those that
 * continue each other are one. `isWhole`: the log has no older ones.
 */
export async function readChanges(
  client: Pick<Client, 'request'>,
  sessionId: string,
): Promise<{changes: FileChange[]; isWhole: boolean}> {
  /** The newest event that has them counts. */
  const byTool = new Map<string, FileChange[]>()
  const failed = new Set<string>()
  let length = 0
  let before = Number.MAX_SAFE_INTEGER
  for (let page = 0; page < maxPages && before > 1 && length < maxLength; page++) {
    const {events} = await client.request('session.events', {session_id: sessionId, before_seq: before})
    const next = events[0]?.seq ?? 1
    // A gateway that repeats a page would be read for ever.
    if (next >= before) break
    before = next
    for (const wire of events.toReversed()) {
      const event = readEvent(wire, () => undefined)
      if (event?.type !== 'tool.call' && event?.type !== 'tool.update') continue
      const {prompt_id, tool_call_id, status, content} = event.payload
      const id = `${prompt_id} ${tool_call_id}`
      if (status === 'failed') failed.add(id)
      if (content === undefined || byTool.has(id)) continue
      const changes = changesOf(content)
      byTool.set(id, changes)
      length += changes.reduce((sum, change) => sum + change.before.length + change.after.length, 0)
    }
  }
  const all = [...byTool].reverse().flatMap(([id, changes]) => (failed.has(id) ? [] : changes))
  return {changes: joinChanges(all), isWhole: before <= 1}
}
