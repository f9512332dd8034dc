import type {SessionSummary} from '@holdfast/protocol'

/** What a notification says. It has no text of a prompt, a program or an agent: others may see the screen of a locked phone. */
export interface Notice {
  sessionId: string
  /** The title of the session. */
  title: string
  text: string
}

/** Since when a session runs without waiting for anybody, epoch ms, by its id. */
export type Running = ReadonlyMap<string, number>

/** The end of a run that took less is worth no notification, ms. As the setting `notifyAfterSeconds` of the screen by default. */
const longRunMs = 10_000

/** What waits for the user in words, by `waits_for` of a summary. Not `input`: a program at rest, such as a REPL, reads all day. */
const words: Readonly<Record<string, string>> = {
  answer: 'The agent asks for your permission.',
  password: 'A program asks for a password.',
  agent: 'The agent cannot be used.',
}

/** Whether a session waits for its user. Pure. */
export function needsUser(session: SessionSummary): boolean {
  return session.waits_for !== undefined && Object.hasOwn(words, session.waits_for)
}

/**
 * What to tell the user when sessions have changed: what began to wait, and long runs that have ended. `before` is `undefined` at
 * first: what waits already is on the page. Pure; `now` is epoch ms.
 */
export function planNotices(
  before: ReadonlyMap<string, SessionSummary> | undefined,
  sessions: ReadonlyMap<string, SessionSummary>,
  running: Running,
  now: number,
): {notices: readonly Notice[]; running: Running} {
  const nextRunning = new Map<string, number>()
  const notices: Notice[] = []
  for (const [sessionId, session] of sessions) {
    const earlier = before?.get(sessionId)
    if (session.state === 'running') nextRunning.set(sessionId, running.get(sessionId) ?? now)
    if (before === undefined) continue
    const {title} = session
    if (needsUser(session) && session.waits_for !== earlier?.waits_for)
      notices.push({sessionId, title, text: words[session.waits_for ?? ''] ?? ''})
    else if (earlier?.state === 'running' && session.state !== 'running') {
      const startedAt = running.get(sessionId) ?? now
      if (now - startedAt >= longRunMs) notices.push({sessionId, title, text: 'A run has ended.'})
    }
  }
  return {notices, running: nextRunning}
}
