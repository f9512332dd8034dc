import {isRpcError, type Client} from '@holdfast/client'
import {readOutcome, readScreenCondition, waitForScreen, type ScreenCondition, type WantedScreen} from '@holdfast/drive'
import {errorCodes, type ScreenSnapshot} from '@holdfast/protocol'
import * as z from 'zod'

import {defineTool, type ToolResult} from '../tool.ts'
import {ToolError} from '../tool-error.ts'
import {session, timeoutMs} from './arguments.ts'

const milliseconds = z.int().min(1).max(60_000).optional()

const waitInput = z.strictObject({
  session,
  text: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe('Until this text is on the screen. Wrapped lines are one line.'),
  regex: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe('Until this regular expression of JavaScript matches the text of the screen, with the flags m and u.'),
  exit: z.literal(true).optional().describe('Until the program has ended.'),
  idle_ms: milliseconds.describe('Until the program has printed nothing for this time, ms.'),
  stable_ms: milliseconds.describe('Until the text of the screen has not changed for this time, ms.'),
  cursor: z
    .strictObject({row: z.int().min(0), col: z.int().min(0)})
    .optional()
    .describe('Until the cursor is there, from 0.'),
  after: z
    .int()
    .min(0)
    .optional()
    .describe(
      'The `screen_version` that `input` or `keys` returned: a text, a match or a cursor counts only when the program has printed something since.',
    ),
  timeout_ms: timeoutMs(30_000, 'Then the result is an error that shows the screen.'),
})

export const wait = defineTool({
  name: 'wait',
  title: 'Wait for the screen',
  description:
    'Waits until the screen of the program that runs in a session is as you name it, also if it is so already, and returns the screen. Give exactly one of text, regex, exit, idle_ms, stable_ms and cursor.',
  input: waitInput,
  isReadOnly: true,
  async call({session: sessionId, after, timeout_ms, ...wanted}, {client, requireAccess}, {signal}) {
    await requireAccess(sessionId, 'read')
    const condition = conditionOf(wanted)
    let program: string | undefined
    const onProgram = (promptId: string) => (program = promptId)
    const end = await waitForScreen(client, sessionId, condition, {timeoutMs: timeout_ms, after, signal, onProgram})
    if (end === 'met' && 'exit' in condition) return await describeEnd(client, sessionId, program)
    const shown = await snapshotOf(client, sessionId).catch(() => undefined)
    const screen = shown === undefined ? {facts: {session: sessionId}} : describeScreen(sessionId, shown)
    if (end === 'met') return screen
    const problem =
      end === 'timeout'
        ? `the condition was not met within ${timeout_ms} ms; the screen shows what follows`
        : 'no program is running: none has begun, or it ended before the condition was met; `read` returns the output'
    return {...screen, problem}
  },
})

function conditionOf(wanted: WantedScreen): ScreenCondition {
  try {
    return readScreenCondition(wanted)
  } catch (error) {
    throw error instanceof TypeError ? new ToolError(error.message) : error
  }
}

/** How the program ended; if none was running, the last one. */
async function describeEnd(
  client: Pick<Client, 'request'>,
  sessionId: string,
  program: string | undefined,
): Promise<ToolResult> {
  const event = await readOutcome(client, sessionId, program)
  if (event === undefined) return {facts: {session: sessionId, status: 'no program has run'}}
  const {prompt_id, status, exit_code, reason, signal, duration_ms} = event.payload
  return {
    facts: {session: sessionId, run: prompt_id, status, exit_code, reason, signal, duration_ms, next_seq: event.seq},
  }
}

export const snapshot = defineTool({
  name: 'snapshot',
  title: 'Look at the screen',
  description:
    'Returns the text that the terminal of the running program shows, with the cursor, counted from 0. For programs that draw a screen; what a command has printed comes from `run` and `read`.',
  input: z.strictObject({session}),
  isReadOnly: true,
  async call({session: sessionId}, {client, requireAccess}) {
    await requireAccess(sessionId, 'read')
    return describeScreen(sessionId, await snapshotOf(client, sessionId))
  },
})

/** What a picture costs the agent grows with its pixels; a larger one is drawn smaller. */
const maxPixels = 1_200_000

export const screenshot = defineTool({
  name: 'screenshot',
  title: 'Look at a picture of the screen',
  description:
    'Returns a picture of what the terminal of the running program shows, a PNG: for colours, charts and layout. The text of the screen comes from `snapshot`, which costs less.',
  input: z.strictObject({session}),
  isReadOnly: true,
  async call({session: sessionId}, {client, requireAccess}) {
    await requireAccess(sessionId, 'read')
    const shown = await snapshotOf(client, sessionId)
    const {drawPng, RasteriserMissingError} = await import('@holdfast/picture')
    try {
      return {facts: factsOf(sessionId, shown), png: await drawPng(shown, {maxPixels})}
    } catch (error) {
      if (!(error instanceof RasteriserMissingError)) throw error
      throw new ToolError(`${error.message}; \`snapshot\` returns the text of the screen`)
    }
  },
})

async function snapshotOf(client: Pick<Client, 'request'>, sessionId: string): Promise<ScreenSnapshot> {
  try {
    return await client.request('screen.snapshot', {session_id: sessionId})
  } catch (error) {
    if (!isRpcError(error) || error.code !== errorCodes.notAllowed) throw error
    throw new ToolError(
      `no program is running in session ${sessionId}, so it has no screen: \`read\` returns what the last one has said`,
    )
  }
}

/** The screen as text, without the blanks at the ends of its lines and without the blank lines at its end. */
function describeScreen(sessionId: string, shown: ScreenSnapshot): ToolResult {
  const text = shown.lines.map(({spans}) =>
    spans
      .map((span) => span.text)
      .join('')
      .trimEnd(),
  )
  return {facts: factsOf(sessionId, shown), text: text.join('\n').trimEnd()}
}

function factsOf(
  sessionId: string,
  {prompt_id, cols, rows, cursor, title, is_alternate, is_cut}: ScreenSnapshot,
): Readonly<Record<string, unknown>> {
  return {
    session: sessionId,
    run: prompt_id,
    cols,
    rows,
    cursor: {row: cursor.row, col: cursor.col},
    title: title === '' ? undefined : title,
    is_alternate,
    is_cut,
  }
}
