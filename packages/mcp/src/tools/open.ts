import {createHash} from 'node:crypto'

import {lastEventOf} from '@holdfast/drive'
import {createSessionId, programPromptId, quoteWords, sessionIdPattern} from '@holdfast/protocol'
import * as z from 'zod'

import {agentTag} from '../limits.ts'
import {findPrompt} from '../log-events.ts'
import {resolveFolder} from '../resolve-folder.ts'
import {defineTool, type ToolContext} from '../tool.ts'
import {ToolError} from '../tool-error.ts'
import {ownId} from './arguments.ts'

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
  async call({program, shell, cwd, title, cols, rows, id}, context) {
    const {client, limits, startFolder} = context
    const folder = await resolveFolder(cwd, {startFolder, limits})
    const sessionId = await client.createSession({
      session_id: sessionIdFor(id),
      ...(folder !== undefined && {cwd: folder}),
      ...(title !== undefined && {title}),
      ...(shell !== undefined && {shell}),
      ...(program !== undefined && {program}),
      tags: [agentTag],
      cols,
      rows,
    })
    const isOver =
      id !== undefined && (await isOverAlready(context, sessionId, {id, text: program && quoteWords(program)}))
    if (program === undefined) return {facts: {session: sessionId}}
    return {facts: {session: sessionId, run: programPromptId, status: isOver ? 'ended' : 'running'}}
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
    findPrompt(client, sessionId, programPromptId),
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
