import {createHash} from 'node:crypto'

import {quoteWords} from '@holdfast/client'
import {createSessionId, sessionIdPattern} from '@holdfast/protocol'
import * as z from 'zod'

import {followSession} from '../follow-session.ts'
import {agentTag} from '../limits.ts'
import {findPrompt, lastEventOf} from '../log-events.ts'
import {resolveFolder} from '../resolve-folder.ts'
import {defineTool, type ToolContext} from '../tool.ts'
import {ToolError} from '../tool-error.ts'
import {ownId} from './arguments.ts'

/** The run of the program that a session was opened for. A repeated call finds it by its id. */
const programRun = 'program'

/** How long a program may take to start, ms: its shell starts first. */
const startTimeoutMs = 15_000

const input = z.strictObject({
  program: z
    .array(z.string().max(100_000))
    .min(1)
    .max(1000)
    .optional()
    .describe(
      'A program and its arguments, such as ["vim", "notes.txt"]: it has the terminal, and the session ends with it. Without it, the session has a shell, for `run`.',
    ),
  shell: z.string().max(4096).optional().describe("The shell: a path, or a name on $PATH. Default: the user's shell."),
  cwd: z.string().max(4096).optional().describe('The folder to begin in. Default: the folder of this server.'),
  title: z.string().min(1).max(200).optional().describe('What a person sees in the list of sessions.'),
  cols: z.int().min(20).max(500).default(120).describe('Columns of the terminal.'),
  rows: z.int().min(5).max(200).default(40).describe('Rows of the terminal.'),
  id: ownId
    .optional()
    .describe(
      'A name of your own for this call that nobody else uses, such as a UUID. A call that is repeated with it opens nothing twice, and returns the same session.',
    ),
})

export const open = defineTool({
  name: 'open',
  title: 'Open a session',
  description:
    'Opens a session: a shell, or one program in a terminal of its own. It lives on when you, this server or the terminal of the user end, so remember its id; `close` ends it. Use one shell session for related commands: it keeps its folder and its variables.',
  input,
  isIdempotent: true,
  async call({program, shell, cwd, title, cols, rows, id}, context, {signal}) {
    const {client, limits, startFolder} = context
    const folder = await resolveFolder(cwd, {startFolder, limits})
    const text = program === undefined ? undefined : quoteWords(program)
    const sessionId = await client.createSession({
      session_id: sessionIdFor(id),
      ...(folder !== undefined && {cwd: folder}),
      ...(title !== undefined && {title}),
      ...(shell !== undefined && {shell}),
      ...(text !== undefined && {one_shot: true}),
      tags: [agentTag],
      cols,
      rows,
    })
    const isOver = id !== undefined && (await isOverAlready(context, sessionId, {id, text}))
    if (text === undefined) return {facts: {session: sessionId}}
    const status = isOver ? 'ended' : await startProgram(context, {sessionId, text, signal})
    return {facts: {session: sessionId, run: programRun, status}}
  },
})

/** An agent's own id becomes one that is short and random enough for a session. */
function sessionIdFor(id: string | undefined): string {
  if (id === undefined) return createSessionId()
  if (sessionIdPattern.test(id)) return id
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
  const bytes = createHash('sha256').update(id).digest().subarray(0, 10)
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('')
}

/**
 * Whether the program of a session that was opened before has ended. Throws a `ToolError` where the id belongs to
 * something else, or to a shell that is closed.
 */
async function isOverAlready(
  {client, requireAccess}: ToolContext,
  sessionId: string,
  {id, text}: {id: string; text: string | undefined},
): Promise<boolean> {
  await requireAccess(sessionId, 'write')
  const [before, closed] = await Promise.all([
    findPrompt(client, sessionId, programRun),
    lastEventOf(client, sessionId, ['session.closed']),
  ])
  if (before !== undefined && before.text !== text)
    throw new ToolError(
      `the id ${JSON.stringify(id)} was used before, to open the program \`${before.text.slice(0, 200)}\`: use another one`,
    )
  if (closed !== undefined && before === undefined)
    throw new ToolError(
      `the id ${JSON.stringify(id)} was used before, and its session ${sessionId} is closed: \`read\` still reads it; use another id to open a new one`,
    )
  return closed !== undefined || before?.hasEnded === true
}

/** Starts the program, or finds that it has been started. `queued`: the shell before it is not ready in time. */
async function startProgram(
  {client, sessions}: ToolContext,
  {sessionId, text, signal}: {sessionId: string; text: string; signal: AbortSignal},
): Promise<'running' | 'queued' | 'ended'> {
  return await sessions.use(sessionId, async (session) => {
    await client.request('prompt.submit', {session_id: sessionId, prompt_id: programRun, text})
    let status: 'running' | 'queued' | 'ended' = 'queued'
    await followSession(session, {
      afterSeq: 0,
      timeoutMs: startTimeoutMs,
      signal,
      take({type}) {
        if (type === 'message.start') status = 'running'
        if (type === 'message.complete' || type === 'session.closed') status = 'ended'
        return status !== 'queued'
      },
    })
    return status
  })
}
