import * as z from 'zod'

import {defineTool} from '../tool.ts'
import {run, session} from './arguments.ts'

/** As a terminal sends the Enter key. */
const enterKey = '\r'

const inputInput = z.strictObject({
  session,
  text: z.string().max(16_384).describe('The text, as it is typed.'),
  enter: z.boolean().default(true).describe('Press Enter after it.'),
  run,
})

export const input = defineTool({
  name: 'input',
  title: 'Type a line',
  description:
    'Types a line into the program that runs in a session, such as the answer to a question of it. `wait` then waits for what it prints.',
  input: inputInput,
  async call({session: sessionId, text, enter, run: promptId}, {client, requireAccess}) {
    await requireAccess(sessionId, 'write')
    const typed = text + (enter ? enterKey : '')
    if (typed === '') return {facts: {session: sessionId, typed: 0}}
    const {screen_version} = await client.request('session.input', {
      session_id: sessionId,
      text: typed,
      drives: true,
      ...(promptId !== undefined && {prompt_id: promptId}),
    })
    return {facts: {session: sessionId, typed: typed.length, screen_version}}
  },
})

const keysInput = z.strictObject({
  session,
  keys: z
    .array(z.string().min(1).max(16_384))
    .min(1)
    .max(1000)
    .describe(
      'Names as in `tmux send-keys`: Enter, Escape, Tab, Up, Down, PageDown, BSpace, F5, C-c, ctrl+c, M-x. A word that names no key is typed as it is: ["i", "hello", "Escape", ":wq", "Enter"].',
    ),
  run,
})

export const keys = defineTool({
  name: 'keys',
  title: 'Press keys',
  description:
    'Presses keys in the program that runs in a session. `wait` with stable_ms, or `snapshot`, then shows what came of them.',
  input: keysInput,
  async call({session: sessionId, keys: pressed, run: promptId}, {client, requireAccess}) {
    await requireAccess(sessionId, 'write')
    const {screen_version} = await client.request('session.keys', {
      session_id: sessionId,
      keys: pressed,
      ...(promptId !== undefined && {prompt_id: promptId}),
    })
    return {facts: {session: sessionId, pressed: pressed.length, screen_version}}
  },
})
