import {sessionPaths} from '@holdfast/event-log'
import {createPromptId} from '@holdfast/protocol'
import {createConnection} from '@holdfast/rpc'
import {connectSocket} from '@holdfast/transport/socket'
import {expect, test} from 'vitest'

import {createFastMotion} from '../support/fast-motion.ts'
import {createHome} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui} from '../support/tui.ts'

const MiB = 1024 * 1024
/** As many prompts as wait at a time; the queue holds 256. */
const batch = 100
const minute = 60_000

test('2,000 runs in fast motion: no process needs more memory than after 500', {timeout: 300_000}, async () => {
  await using home = createHome()
  const motion = createFastMotion(home)
  await using tui = await openTui(home, [], {env: motion.env})
  await tui.waitFor('· idle')
  const [{id: session_id}] = await sessionsOf(home)
  // Another client submits the prompts: lines that are typed at once would be a paste.
  const other = createConnection(await connectSocket(sessionPaths(home.state, session_id).socket))
  const submit = (text: string) => other.request('prompt.submit', {session_id, prompt_id: createPromptId(), text})
  let runs = 0
  /** Goes on until there were so many runs. Returns the heaps in use then. */
  const runUntil = async (count: number) => {
    while (runs < count) {
      const last = runs + batch
      while (runs < last) await submit(`echo run ${++runs}`)
      await tui.waitFor(new RegExp(`^run ${last}\n✓(?:.*\n)+.*· idle`, 'm'), {timeoutMs: 60_000})
      await motion.pass(minute)
    }
    return await motion.pass(minute)
  }

  const [before, after] = [await runUntil(500), await runUntil(2000)]
  await other.close()
  // 500 bytes for each run would show.
  expect(after.gateway - before.gateway).toBeLessThan(0.7 * MiB)
  expect(after.host - before.host).toBeLessThan(0.7 * MiB)
  // Ink remembers the sizes of the last few thousand texts that it drew.
  expect(after.client - before.client).toBeLessThan(2 * MiB)
})
