import {waitForScreen, type ScreenCondition} from '@holdfast/drive'

import {UserError} from '../../process/user-error.ts'
import type {GatewayChoice} from '../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../sessions/session-id.ts'
import {withClient} from '../../sessions/with-client.ts'

export interface WaitOptions {
  condition: ScreenCondition
  /** How long to wait at most, ms. */
  timeout: number
  gateway: GatewayChoice
}

/** As agent-tty has it. */
const timedOutExitCode = 11

/** Waits for something on the screen of the program that runs in a session. */
export async function waitInSession(id: string, {condition, timeout, gateway}: WaitOptions): Promise<void> {
  expectSessionId(id)
  const end = await withClient(gateway, (client) => waitForScreen(client, id, condition, {timeoutMs: timeout}))
  if (end === 'timeout')
    throw new UserError(`it did not come within ${timeout} ms: \`snapshot\` shows the screen, --timeout waits longer`, {
      exitCode: timedOutExitCode,
    })
  if (end === 'ended') throw new UserError('no program is running any more: it has ended before that came')
}
