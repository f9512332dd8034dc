import {constants} from 'node:os'

import type {DetachKey} from '@holdfast/terminal'
import {errorCodes} from '@holdfast/protocol'
import {onSignals} from '@holdfast/supervisor'

import {handOver} from '../../../app/attaching/hand-over.ts'
import {printError} from '../../../process/print-error.ts'
import {detachKeyOf} from '../../../settings/detach-key.ts'
import {findSettingsFile} from '../../../settings/find-settings-file.ts'
import {readSettings} from '../../../settings/read-settings.ts'
import {UserError} from '../../../process/user-error.ts'
import {invocationFor, type GatewayChoice} from '../../../sessions/gateway-choice.ts'
import {refuseOwnSession} from '../../../sessions/own-session.ts'
import {expectSessionId} from '../../../sessions/session-id.ts'
import {withClient} from '../../../sessions/with-client.ts'

export interface AttachOptions {
  /** @default the setting `detachKey` */
  detachKey?: DetachKey
  gateway: GatewayChoice
}

/** Attaches the terminal to the program that runs in a session, until it ends or the user detaches. */
export async function attachToSession(id: string, {detachKey, gateway}: AttachOptions): Promise<void> {
  expectSessionId(id)
  refuseOwnSession(id, 'its terminal cannot be attached to itself')
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UserError(`attaching needs a terminal; \`${invocationFor(gateway, 'send', id)}\` works without one`, {
      code: 'usage',
    })
  }
  await withClient(gateway, async (client) => {
    const session = await client.openSession(id)
    const {settings} = readSettings(findSettingsFile())
    const handed = handOver(session, {detachKey: detachKey ?? detachKeyOf(settings)})
    const onSignal = (signal: NodeJS.Signals) => {
      handed.release()
      process.exit(128 + constants.signals[signal])
    }
    onSignals(['SIGTERM', 'SIGHUP', 'SIGQUIT'], onSignal)
    onSignals(['SIGINT'], () => handed.interrupt())
    const how = await handed.ended.catch((error: unknown) => {
      if ((error as {code?: unknown}).code !== errorCodes.notAllowed) throw error
      throw new UserError(`no program is running in session ${id}: run a command first`, {code: 'not_allowed'})
    })
    await session.leave().catch(() => undefined)
    switch (how) {
      case 'detached':
        return printError(`detached; the program is still running: ${invocationFor(gateway, 'attach', id)}`)
      case 'program-ended':
        return printError('the program has ended')
      case 'taken-over':
        throw new UserError(
          `another client attached to the program: ${invocationFor(gateway, 'attach', id)} takes it back`,
        )
      default:
        throw new UserError(
          `session ${id} is out of reach, its program may still be running: try again with ${invocationFor(gateway, 'attach', id)}`,
          {code: 'host_unavailable'},
        )
    }
  })
}
