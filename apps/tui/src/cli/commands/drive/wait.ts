import type {Client} from '@holdfast/client'
import {readOutcome, waitForScreen, type ScreenCondition} from '@holdfast/drive'

import {UserError} from '../../../process/user-error.ts'
import {invocationFor, type GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import {withClient} from '../../../sessions/with-client.ts'
import type {Answer} from '../../answering.ts'

export interface WaitOptions {
  condition: ScreenCondition
  /** How long to wait at most, ms. */
  timeout: number
  /** See `WaitForScreenOptions`. */
  after: number | undefined
  gateway: GatewayChoice
}

/** Waits for something on the screen of the program that runs in a session. */
export async function waitInSession(id: string, {condition, timeout, after, gateway}: WaitOptions): Promise<Answer> {
  expectSessionId(id)
  const {end, outcome} = await withClient(gateway, async (client) => {
    let program: string | undefined
    const onProgram = (promptId: string) => (program = promptId)
    const met = await waitForScreen(client, id, condition, {timeoutMs: timeout, after, onProgram})
    return {end: met, outcome: met === 'met' && 'exit' in condition ? await outcomeOf(client, id, program) : {}}
  })
  if (end === 'met') return {result: {timed_out: false, ...outcome}}
  if (end === 'ended')
    throw new UserError(
      `no program is running: none has begun, or it ended before the condition was met; \`${invocationFor(gateway, 'show', id)}\` prints the output`,
      {code: 'program_ended'},
    )
  const message = `the condition was not met within ${timeout} ms: \`snapshot\` shows the screen, --timeout waits longer`
  return {result: {timed_out: true}, problems: [new UserError(message, {code: 'timed_out'})]}
}

/** How the program ended; if none was running, the last one. */
async function outcomeOf(
  client: Pick<Client, 'request'>,
  id: string,
  program: string | undefined,
): Promise<Answer['result']> {
  const event = await readOutcome(client, id, program)
  if (event === undefined) return {}
  const {prompt_id, status, exit_code, signal, reason} = event.payload
  return {prompt_id, status, exit_code, signal, reason}
}
