import {styleText} from 'node:util'

import {invocationFor, type GatewayChoice} from '../../sessions/gateway-choice.ts'

/** Prints how to come back to a session that is still running, and how to end it. */
export function sayFarewell(sessionId: string | undefined, gateway: GatewayChoice): void {
  if (sessionId === undefined || !process.stdout.writable) return
  const lines = [
    `The session is still running: ${invocationFor(gateway, '--resume', sessionId)}`,
    `To end it: ${invocationFor(gateway, 'close', sessionId)}`,
  ]
  process.stdout.write(lines.map((line) => `${styleText('dim', line)}\n`).join(''))
}
