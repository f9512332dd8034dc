import {readFileSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {expectScreenBack} from '../support/attaching.ts'
import {createHome} from '../support/home.ts'
import {openCurses} from '../support/curses.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'

test('a screen that was killed, or another one, finds the program again', async () => {
  await using home = createHome()
  {
    await using tui = await openCurses(home)
    tui.type('ab')
    await tui.waitFor('typed [ab]')
    tui.kill('SIGKILL')
    await tui.exited
  }
  await using tui = await openTui(home, ['--continue'])
  await tui.waitFor('typed [ab]')
  const host = await home.process('host')
  process.kill(host.pid, 'SIGKILL')
  await tui.waitFor('· idle')
  await tui.submit('echo still there')
  await tui.waitFor(/^still there\n✓/m)
})

test.for([1, 100])(
  'a screen that was killed while vim ran, after %d earlier lines, shows vim again, and then the whole transcript',
  async (count) => {
    need('vim')
    await using home = createHome()
    writeFileSync(`${home.project}/a.txt`, 'the text\n')
    const lines = Array.from({length: count}, (_, index) => `line ${index + 1}`)
    {
      await using tui = await openTui(home)
      for (const round of ['first', 'second']) {
        await tui.submit(`seq -f 'line %.0f' ${count}; echo ${round}`)
        await tui.waitFor(new RegExp(`^${round}\\n✓`, 'm'))
      }
      await tui.submitLast('vim -u NONE -N a.txt')
      await tui.waitFor(/^the text *\n~ *\n~/m)
      tui.kill('SIGKILL')
      await tui.exited
    }
    const [{id}] = await sessionsOf(home)
    await using tui = await openTui(home, ['--resume', id])
    await tui.waitFor(/^the text *\n~ *\n~/m)
    tui.type('ccthe other text\u001b')
    await tui.waitFor(/^the other text *\n~ *\n~/m)
    tui.type(':wq\r')
    await tui.waitFor('· idle')
    expect(readFileSync(`${home.project}/a.txt`, 'utf8')).toBe('the other text\n')
    await tui.submit('echo be""low')
    await tui.waitFor(/^below\n✓/m)
    const shown = tui.scrollback()
    for (const round of ['first', 'second'])
      expect(tui.outputOf(`seq -f 'line %.0f' ${count}; echo ${round}`)).toEqual([...lines, round])
    expect(shown).toMatch(/^❯ vim -u NONE -N a\.txt\n(?:[^~]*\n)?✓[^~]*^below\n✓/m)
    expect(tui.modes().changed).toEqual(['?1004h', '?2004h', '?25l'])
  },
)

test('a killed gateway gives back the terminal to the program, which is where it was', async () => {
  await using home = createHome()
  await using tui = await openCurses(home)
  for (let round = 0; round < 3; round++) {
    const gateway = await home.process('gateway')
    process.kill(gateway.pid, 'SIGKILL')
    await until(() => home.processes().some(({role, pid}) => role === 'gateway' && pid !== gateway.pid), {
      what: 'another gateway',
    })
    const before = tui.screen()
    await until(
      () => {
        if (tui.screen() === before) tui.type('y')
        return tui.screen() !== before && tui.screen().includes('typed [y')
      },
      {what: 'a key on the screen'},
    )
  }
  tui.type('q')
  await expectScreenBack(tui)
})

test('a gateway that is killed before it has answered: the program gets the terminal from the next one', async () => {
  await using home = createHome()
  await using tui = await openCurses(home)
  tui.press('detach')
  await tui.waitFor('python3 needs the whole terminal: Enter gives it')
  const gateway = await home.process('gateway')
  process.kill(gateway.pid, 'SIGSTOP')
  tui.press('enter')
  await tui.waitFor(() => !tui.screen().includes('Enter gives it'))
  process.kill(gateway.pid, 'SIGKILL')
  await tui.waitFor('typed []')
  tui.type('q')
  await tui.waitFor('· idle')
})
