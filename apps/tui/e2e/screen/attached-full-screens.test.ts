import {mkdirSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome} from '../support/home.ts'
import {attached, bareLines, createFruits, inShells, plain, reply, type ProgramCase} from '../support/program-case.ts'
import {openTui} from '../support/tui.ts'

test.for(inShells)('fzf --height on a full screen of $shell overwrites no row above it', async ({shell, size}) => {
  const path = need(shell)
  need('fzf')
  await using home = createHome()
  createFruits(home)
  await using tui = await openTui(home, [], {env: {SHELL: path}, ...size})
  await tui.submit('seq 100')
  await tui.waitFor(/^100\n✓/m)
  for (const round of ['one', 'two']) {
    const command = `echo ${round}; ls | fzf --height=8`
    await tui.submitLast(command)
    await attached(tui, {ready: '3/3'})
    await reply(tui, 'ban', '1/3')
    const shown = tui.scrollback().split('\n')
    expect(shown.slice(shown.indexOf('1'), shown.indexOf('100') + 1)).toEqual(
      Array.from({length: 100}, (_, at) => `${at + 1}`),
    )
    expect(shown.filter((line) => line.trim() === `❯ ${command}`)).toHaveLength(1)
    tui.type('\r')
    await tui.waitFor(new RegExp(`^${round}\nbanana\n✓`, 'm'))
    expect(tui.outputOf(command)).toEqual([round, 'banana'])
  }
  expect(tui.outputOf('seq 100')).toEqual(Array.from({length: 100}, (_, at) => `${at + 1}`))
})

test.for(inShells)(
  'what less -X erases on a full screen of $shell is gone, also if it gets the terminal late',
  async ({shell, size}) => {
    const path = need(shell)
    need('less')
    const {rows} = size
    const pager: ProgramCase = {
      name: 'less -X, a message',
      needs: ['less'],
      command: 'seq 60 > lines; less -X lines',
      ready: /^lines/m,
      async use(terminal) {
        await reply(terminal, '=', 'press RETURN')
        await reply(terminal, 'G', '(END)')
        terminal.type('q')
      },
      says: '60',
    }
    const expected = await bareLines(pager, path, size)
    expect(expected.join()).not.toContain('press RETURN')
    await using home = createHome()
    mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
    writeFileSync(`${home.user}/.config/holdfast/config.json`, '{"attach": "ask"}')
    await using tui = await openTui(home, [], {env: {SHELL: path}, ...size})
    await tui.submit(`seq ${2 * rows}`)
    await tui.waitFor(/^✓/m)
    await tui.submit(pager.command)
    await tui.waitFor('Enter gives it')
    tui.press('enter')
    await attached(tui, pager)
    await pager.use(tui)
    await tui.waitFor('· idle')
    await tui.submit('echo af""ter')
    await tui.waitFor(/^after\n✓/m)
    expect(plain(tui.outputOf(pager.command), home)).toEqual(expected)
    expect(tui.scrollback()).not.toContain('press RETURN')
  },
)
