import type {Home} from '../../../apps/tui/e2e/support/home.ts'
import {sessionsOf} from '../../../apps/tui/e2e/support/sessions-of.ts'
import {openTui} from '../../../apps/tui/e2e/support/tui.ts'

/** Starts a session as a user does, and closes the window. Resolves with the id of the session. */
export async function startOnScreen(home: Home, agent: string): Promise<string> {
  const tui = await openTui(home, ['--agent', agent], {cols: 100, rows: 40})
  try {
    const [{id}] = await sessionsOf(home)
    return id
  } finally {
    await tui[Symbol.asyncDispose]()
  }
}
