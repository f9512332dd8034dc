import {test} from 'vitest'

import {createHome} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {until} from '../support/until.ts'
import {openTui} from '../support/tui.ts'

test('the draft is restored after every process was killed', async () => {
  await using home = createHome()
  const id = await (async () => {
    await using tui = await openTui(home)
    await tui.submit('echo first')
    await tui.waitFor(/^✓/m)
    tui.type('git commit -m "half')
    await tui.waitFor('❯ git commit -m "half')
    const [session] = await sessionsOf(home)
    const isKept = async () => (await home.holdfast(['show', session.id, '--json'])).stdout.includes('"draft.updated"')
    await until(isKept, {what: 'the draft in the log'})
    for (const {pid, role} of home.processes()) if (role !== 'program') process.kill(pid, 'SIGKILL')
    await tui.exited
    return session.id
  })()
  await using again = await openTui(home, ['--resume', id])
  await again.waitFor(/^❯ git commit -m "half$/m)
  again.type(' done"')
  await again.waitFor(/^❯ git commit -m "half done"$/m)
})
