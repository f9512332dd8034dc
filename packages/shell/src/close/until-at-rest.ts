import {setTimeout as delay} from 'node:timers/promises'

import {terminalOf, waitReasonOfProcess} from '../activity/terminal-wait.ts'

/** A shell that works longer than this is not at its prompt soon, ms. */
const MAX_WAIT_MS = 100
const LOOK_EVERY_MS = 2

/**
 * Resolves when a shell that runs no command waits for the next one, at most 100 ms later. A bash that is hung up before, while it
 * draws its prompt or evaluates what it was given, exits without writing its history.
 */
export async function untilAtRest(shell: number): Promise<void> {
  const terminal = terminalOf(shell)
  const endAt = performance.now() + MAX_WAIT_MS
  const isAtWork = () => terminal !== undefined && waitReasonOfProcess(shell, terminal) === 'otherwise'
  while (isAtWork() && performance.now() < endAt) await delay(LOOK_EVERY_MS)
}
