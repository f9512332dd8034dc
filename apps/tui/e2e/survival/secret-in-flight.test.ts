import {expect, test} from 'vitest'

import {waitForWritten} from '../composer/written.ts'
import {filesWith} from '../support/files-with.ts'
import {createHome} from '../support/home.ts'
import {isStopped} from '../support/processes.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'

test.for(['host', 'gateway'] as const)(
  'a secret that is on its way when the %s is killed is thrown away, says so, and is in no file',
  async (role) => {
    await using home = createHome()
    await using tui = await openTui(home, [], {cols: 120})
    await tui.submit('read -rs a; read -rs b; echo "${#a} and ${#b}"')
    await tui.waitFor('Not shown · Enter sends it')
    tui.type('\u001b[200~hunter22\rhunter333\u001b[201~')
    await tui.waitFor('Not shown, several lines')
    const {pid} = await home.process(role)
    process.kill(pid, 'SIGSTOP')
    await until(() => isStopped({pid}), {what: `a stopped ${role}`})
    // In one write, so that what is typed behind the line waits for its answer.
    tui.type('\rhunter4444')
    await waitForWritten(tui, '»')
    process.kill(pid, 'SIGKILL')
    await tui.waitFor('the hidden line may have arrived. Its text and what you typed after it were discarded')
    if (role === 'host') {
      await tui.waitFor('■ interrupted: the host process died')
      await waitForWritten(tui, '❯')
    } else {
      for (const secret of ['hunter22', 'hunter333']) {
        await waitForWritten(tui, '»')
        tui.type(secret)
        await waitForWritten(tui, `» ${'•'.repeat(secret.length)}`)
        tui.press('enter')
      }
      await tui.waitFor(/^8 and 9\n✓/m)
    }
    expect(tui.bytes.includes('hunter')).toBe(false)
    expect(filesWith(home, 'hunter')).toEqual([])
  },
)
