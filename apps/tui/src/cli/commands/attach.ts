import {constants} from 'node:os'

import {errorCodes} from '@holdfast/protocol'

import {handOver} from '../../app/hand-over.ts'
import {complain} from '../../process/complain.ts'
import {UserError} from '../../process/user-error.ts'
import {invocationFor, type GatewayChoice} from '../../sessions/gateway-choice.ts'
import {expectSessionId} from '../../sessions/session-id.ts'
import {withClient} from '../../sessions/with-client.ts'

export interface AttachOptions {
  /** The letter that, with Ctrl, takes the terminal back. @default o */
  detachKey?: string
  gateway: GatewayChoice
}

/** Hands the terminal to the program that runs in a session, until that ends or the terminal is taken back. */
export async function attachToSession(id: string, {detachKey = 'o', gateway}: AttachOptions): Promise<void> {
  expectSessionId(id)
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new UserError(`expected a terminal to attach; \`${invocationFor(gateway, 'send', id)}\` needs none`, {
      exitCode: 2,
    })
  }
  await withClient(gateway, async (client) => {
    const session = await client.openSession(id, {afterSeq: -1})
    const handed = handOver(session, {detachKey})
    const onSignal = (signal: NodeJS.Signals) => {
      handed.release()
      process.exit(128 + constants.signals[signal])
    }
    process.on('SIGTERM', onSignal).on('SIGHUP', onSignal).on('SIGINT', onSignal)
    const how = await handed.ended.catch((error: unknown) => {
      if ((error as {code?: unknown}).code !== errorCodes.notAllowed) throw error
      throw new UserError(`nothing runs in session ${id} to which one could attach`)
    })
    await session.leave().catch(() => undefined)
    switch (how) {
      case 'detached':
        return complain(`detached; it runs on: ${invocationFor(gateway, 'attach', id)}`)
      case 'program-ended':
        return complain('the program has ended')
      case 'taken-over':
        throw new UserError('another client has attached')
      default:
        throw new UserError(`session ${id} cannot be reached any more; what runs in it may run on`)
    }
  })
}
