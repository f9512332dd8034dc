import * as z from 'zod'

import {defineTool} from '../tool.ts'
import {session} from './arguments.ts'

/** The longest line of a hit, and of a title, UTF-16 units. */
const maxLineLength = 300
const maxHits = 200

const listInput = z.strictObject({
  closed: z.boolean().default(false).describe('Also those that are closed, of which only the log is left.'),
  limit: z.int().min(1).max(500).default(50).describe('The most sessions to return, the last used first.'),
})

export const sessions = defineTool({
  name: 'sessions',
  title: 'List sessions',
  description:
    'Lists the sessions of this user, the last used first, one JSON object a line. `waits_for` says what one waits for: input, password, answer. `access` says what you may do: write, or only read.',
  input: listInput,
  isReadOnly: true,
  async call({closed, limit}, {client, accessTo}) {
    const listed = (await client.listSessions())
      .filter(({state}) => closed || state !== 'closed')
      .map((each) => ({...each, access: accessTo(each.tags)}))
      .filter(({access}) => access !== 'none')
    const shown = listed.slice(0, limit).map(({id, title, state, agent, cwd, waits_for, updated_at, access}) =>
      JSON.stringify({
        id,
        title: cut(title),
        state,
        agent,
        cwd,
        waits_for,
        last_used: new Date(updated_at).toISOString(),
        access,
      }),
    )
    return {facts: {sessions: shown.length, has_more: listed.length > limit}, text: shown.join('\n')}
  },
})

const searchInput = z.strictObject({
  words: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(16)
    .describe('Words that a line must contain, all of them, in any order and case.'),
  limit: z.int().min(1).max(100).default(5).describe('The most lines per session, the oldest first.'),
})

export const search = defineTool({
  name: 'search',
  title: 'Search all sessions',
  description:
    'Finds lines of commands and output in the logs of all sessions, also of closed ones, one JSON object a line. `read` with an after_seq just below the `seq` of a hit shows what is around it.',
  input: searchInput,
  isReadOnly: true,
  async call({words, limit}, {client, accessTo}) {
    const [found, listed] = await Promise.all([client.request('session.search', {words, limit}), client.listSessions()])
    const readable = new Set(listed.filter(({tags}) => accessTo(tags) !== 'none').map(({id}) => id))
    const lines = found.sessions
      .filter(({id}) => readable.has(id))
      .flatMap(({id, title, hits, has_more}) =>
        hits.map((hit, index) => ({
          session: id,
          title: index === 0 ? cut(title) : undefined,
          seq: hit.seq,
          text: cut(hit.text),
          has_more: has_more && index === hits.length - 1 ? true : undefined,
        })),
      )
    const unreadable = found.unreadable.filter((id) => readable.has(id))
    const hasMore = found.has_more === true || lines.length > maxHits
    return {
      facts: {
        hits: Math.min(lines.length, maxHits),
        has_more: hasMore,
        what_next: hasMore ? 'add words to find less' : undefined,
        unreadable: unreadable.length === 0 ? undefined : unreadable.slice(0, 10),
      },
      text: lines
        .slice(0, maxHits)
        .map((line) => JSON.stringify(line))
        .join('\n'),
    }
  },
})

export const close = defineTool({
  name: 'close',
  title: 'Close a session',
  description: 'Ends a session for good, and what runs in it. `read` still reads what happened in it.',
  input: z.strictObject({session}),
  isDestructive: true,
  isIdempotent: true,
  async call({session: sessionId}, {client, requireAccess}) {
    await requireAccess(sessionId, 'write')
    const {closed} = await client.request('session.close', {session_id: sessionId})
    return {facts: {session: sessionId, closed: true, ...(!closed && {note: 'it was closed before'})}}
  },
})

function cut(text: string): string {
  return text.length > maxLineLength ? `${text.slice(0, maxLineLength).replace(/[\ud800-\udbff]$/, '')} …` : text
}
