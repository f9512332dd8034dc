import {styleText} from 'node:util'

import {invocationFor, type GatewayChoice} from '../sessions/gateway-choice.ts'

/** Prints how to come back to a session that is still running. */
export function sayFarewell(sessionId: string | undefined, gateway: GatewayChoice): void {
  if (sessionId === undefined || !process.stdout.writable) return
  process.stdout.write(
    styleText('dim', `The session is still running: ${invocationFor(gateway, '--resume', sessionId)}`) + '\n',
  )
}
