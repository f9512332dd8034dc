import {chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {writeCurses} from '../support/curses.ts'
import {filesWith} from '../support/files-with.ts'
import {createHome, type Home} from '../support/home.ts'
import {ctrl, pasted} from '../support/key-bytes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui, type Tui} from '../support/tui.ts'
import {until} from '../support/until.ts'
import {waitForWritten} from '../composer/written.ts'

/** A git repository with three commits of a file; vim and less are its editor and its pager. */
function makeRepository(home: Home): void {
  writeFileSync(
    `${home.user}/.gitconfig`,
    '[user]\nname = Ada\nemail = ada@example.org\n[core]\neditor = vim -u NONE -N\npager = less -R\n[init]\ndefaultBranch = main\n',
  )
  writeFileSync(
    `${home.project}/make`,
    'git init -q; for n in 1 2 3; do echo $n > file; git add file; git commit -qm "commit $n"; done\n',
  )
  mkdirSync(`${home.project}/src`)
}

async function openRepository(home: Home, shell: string, args: readonly string[] = []): Promise<Tui> {
  makeRepository(home)
  const tui = await openTui(home, args, {env: {SHELL: shell}})
  await tui.submit('sh make')
  await tui.waitFor(/^✓/m)
  return tui
}

/** A program has the terminal when none of the screen's own rows is on it. */
const hasTerminal = (tui: Tui) => !/^[❯»]/m.test(tui.screen())

function settle(home: Home, settings: object): void {
  mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
  writeFileSync(`${home.user}/.config/holdfast/config.json`, JSON.stringify(settings))
}

test.for(['bash', 'zsh', 'fish'] as const)(
  '%s: git log, git commit, git rebase -i, less, man and python3 each get the keys that are meant for them',
  async (shell) => {
    const SHELL = need(shell)
    for (const program of ['git', 'vim', 'less', 'python3', 'man'] as const) need(program)
    await using home = createHome()
    await using tui = await openRepository(home, SHELL)

    await tui.submitLast('git log --stat')
    await tui.waitFor(/^ {4}commit 3$/m)
    await tui.waitFor(() => hasTerminal(tui))
    tui.type('q')
    await tui.waitFor(() => /^❯ git log --stat\n(?:.*\n)*✓/m.test(tui.scrollback()))
    await tui.waitFor('· idle')
    expect(tui.screen()).not.toContain('queued')

    writeFileSync(`${home.project}/file`, '4\n')
    await tui.submitLast('git commit -a')
    await tui.waitFor(/^# Please enter/m)
    tui.type('icommit 4')
    await tui.waitFor(/^commit 4/m)
    tui.type('\u001b:wq\r')
    await tui.waitFor(/^\[main \w+\] commit 4\n(?:.*\n)*?✓/m)

    // One editor follows another.
    await tui.submitLast('git rebase -i HEAD~2')
    await tui.waitFor(/^pick \w+.* commit 4/m)
    tui.type(':%s/^pick/reword/\r:wq\r')
    await tui.waitFor(/^commit 3 *\n(?:.*\n)*?# Please enter/m)
    tui.type('Athree\u001b:wq\r')
    await tui.waitFor(/^commit 4 *\n(?:.*\n)*?# Please enter/m)
    tui.type('Afour\u001b:wq\r')
    await tui.waitFor(/^Successfully rebased[^\n]*\n(?:.*\n)*?✓/m)

    await tui.submitLast('less file')
    await tui.waitFor(() => hasTerminal(tui) && /^4\n/m.test(tui.screen()))
    tui.type('q')
    await tui.waitFor(/^❯ less file\n✓/m)

    await tui.submitLast('python3 -q')
    await tui.waitFor(/^» >>>/m)
    tui.type('print(6 * 7)\r')
    await tui.waitFor(/^42$/m)
    tui.press('ctrl-d')
    await tui.waitFor('· idle')

    await tui.submit('git log --format=%s | cat')
    await tui.waitFor(/^commit 4four\ncommit 3three\ncommit 2\ncommit 1\n✓/m)
    expect(tui.modes().changed).toEqual(['?1004h', '?2004h', '?25l'])
  },
)

test('after a detach the program waits for Enter or Ctrl-O; the next program gets the terminal by itself again', async () => {
  await using home = createHome()
  writeCurses(home)
  await using tui = await openTui(home)
  await tui.submitLast('python3 screen.py; python3 screen.py')
  await tui.waitFor('typed []')
  // Once, it is a key of the program's.
  tui.type(ctrl('o') + 'x')
  await tui.waitFor('typed [x]')
  tui.press('detach')
  await tui.waitFor('python3 needs the whole terminal: Enter gives it')
  await tui.submit('echo queued')
  await tui.waitFor('· 1 queued')
  await tui.waitFor('python3 needs the whole terminal: Enter gives it')
  tui.press('enter')
  await tui.waitFor('typed [x]')
  tui.type('q')
  await tui.waitFor('typed []')
  tui.type('q')
  await tui.waitFor(/^queued\n✓/m)
  await tui.submitLast('python3 ./screen.py')
  await tui.waitFor('typed []')
  tui.type('q')
  await tui.waitFor('· idle')
})

test('attach: ask offers the terminal in one line, and Enter gives it; attach: key, and a detach key of the user’s', async () => {
  await using home = createHome()
  writeCurses(home)
  settle(home, {attach: 'ask'})
  {
    await using tui = await openTui(home)
    await tui.submit('python3 screen.py')
    await tui.waitFor('python3 needs the whole terminal: Enter gives it')
    tui.press('enter')
    await tui.waitFor('typed []')
    tui.type('q')
    await tui.waitFor('· idle')
  }
  settle(home, {attach: 'key', detachKey: 'ctrl-q'})
  await using tui = await openTui(home)
  await tui.submit('python3 screen.py')
  await tui.waitFor('python3 needs the whole terminal: Ctrl-O gives it')
  tui.press('enter')
  tui.press('ctrl-o')
  await tui.waitFor('typed []')
  tui.type(ctrl('o') + 'x')
  await tui.waitFor('typed [x]')
  tui.type(ctrl('q'))
  await tui.waitFor('python3 needs the whole terminal: Ctrl-O gives it')
  tui.press('ctrl-c')
  await tui.waitFor('· idle')
})

test('of two screens, only the one that submitted the prompt gives its terminal, and they do not fight for the program', async () => {
  await using home = createHome()
  writeCurses(home)
  await using first = await openTui(home)
  await first.waitFor('· idle')
  const [{id}] = await sessionsOf(home)
  await using second = await openTui(home, ['--resume', id])
  await second.waitFor('· idle')
  await first.submitLast('python3 screen.py')
  await first.waitFor('typed []')
  await second.waitFor('· attached elsewhere')
  // Enter alone takes the terminal from nobody.
  second.press('enter')
  await second.submit('echo from the second')
  await second.waitFor('· 1 queued')
  first.type('a')
  await first.waitFor('typed [a]')
  second.press('ctrl-o')
  await second.waitFor('typed [a]')
  await first.waitFor('python3 needs the whole terminal: Ctrl-O gives it')
  second.type('b')
  await second.waitFor('typed [ab]')
  second.type('q')
  await first.waitFor(/^from the second\n✓/m)
  await second.waitFor(/^from the second\n✓/m)
})

test('what is being typed goes to no program: the terminal is given when the typing, the menu or the paste has ended', async () => {
  await using home = createHome()
  writeCurses(home)
  const wait = (file: string) => `until [ -e ${file} ]; do sleep 0.02; done; python3 screen.py`
  await using tui = await openTui(home)
  await tui.submit(wait('first'))
  await tui.waitFor('Enter queues')
  tui.type('/')
  await tui.waitFor('Tab completes')
  writeFileSync(`${home.project}/first`, '')
  await tui.waitFor('needs the whole terminal')
  tui.type('qu')
  await tui.waitFor(/^❯ \/qu/m)
  tui.press('escape')
  await tui.waitFor(() => !tui.screen().includes('Tab completes'))
  tui.type(ctrl('u'))
  await tui.waitFor('typed []')
  tui.type('q')
  await tui.waitFor('· idle')

  await tui.submit(wait('second'))
  await tui.waitFor('Enter queues')
  const [start, end] = pasted('one\ntwo').split('two') as [string, string]
  tui.type(start)
  await untilRead(tui)
  writeFileSync(`${home.project}/second`, '')
  await tui.waitFor('needs the whole terminal')
  tui.type(`two${end}`)
  await tui.waitFor('typed []')
  tui.type('q')
  await tui.waitFor('· idle')
  await tui.waitFor(/^❯ one\n. two/m)
})

test('a program that a wrapper runs between two questions gets the terminal, and the lines stay with the composer', async () => {
  need('vim')
  await using home = createHome()
  writeFileSync(
    `${home.project}/wizard`,
    '#!/bin/sh\nprintf "Name: "; read n; vim -u NONE -N note; printf "Sure? [y/N] "; read s; echo "$n $s $(cat note)"\n',
  )
  chmodSync(`${home.project}/wizard`, 0o755)
  await using tui = await openTui(home)
  await tui.submitLast('./wizard')
  await tui.waitFor(/^» Name:/m)
  tui.type('ada\r')
  await tui.waitFor(/^~ *\n~ *\n~/m)
  tui.type('itext\u001b:wq\r')
  await tui.waitFor(/^» Sure\? \[y\/N\]/m)
  tui.type('y\r')
  await tui.waitFor(/^ada y text\n✓/m)
  expect(readFileSync(`${home.project}/note`, 'utf8')).toBe('text\n')
})

/** A command with which a shell draws its prompt: once `used` exists, it waits for `go`. */
function writeHold(home: Home): void {
  const text = '#!/bin/sh\n[ -e used ] || exit\ntouch drawing\nuntil [ -e go ]; do sleep 0.05; done\n'
  writeFileSync(`${home.user}/hold`, text, {mode: 0o755})
}

const untilRead = (tui: Tui) => until(() => tui.unreadBytes() === 0, {what: 'the keys to be read'})

/** Types while the shell does not yet draw its prompt. */
async function typeBeforePrompt(home: Home, tui: Tui, text: string): Promise<void> {
  await until(() => existsSync(`${home.project}/drawing`), {what: 'the prompt'})
  tui.type(text)
  await untilRead(tui)
  writeFileSync(`${home.project}/go`, '')
}

test.for([
  ['bash', '.bashrc', "PROMPT_COMMAND='~/hold'\n"],
  ['zsh', '.zshrc', 'hold() { ~/hold }; precmd_functions+=(hold)\n'],
  ['fish', '.config/fish/config.fish', 'function fish_prompt; ~/hold; echo "> "; end\n'],
] as const)(
  '%s: what is typed when a program has ended, and the shell is not yet at its prompt, is a draft that is not saved, and that Enter does not run at once',
  async ([shell, file, text]) => {
    const SHELL = need(shell)
    await using home = createHome()
    writeCurses(home)
    mkdirSync(`${home.user}/.config/fish`, {recursive: true})
    writeFileSync(`${home.user}/${file}`, text)
    await using tui = await openTui(home, [], {env: {SHELL}})
    writeHold(home)
    await tui.submitLast('touch used; python3 screen.py')
    await tui.waitFor('typed []')
    tui.type('q')
    await typeBeforePrompt(home, tui, 'echo \u001bOA"typed" \u001b[M !!thereafter\r')
    await waitForWritten(tui, '❯ echo "typed" thereafter')
    await tui.waitFor('Typed for a program that has ended · Enter twice runs it')
    await tui.waitFor('· idle')
    await waitForWritten(tui, '❯ echo "typed" thereafter')
    expect(filesWith(home, 'thereafter')).toEqual([])
    tui.press('enter')
    await tui.waitFor(() => !tui.screen().includes('Typed for a program'))
    tui.press('enter')
    await tui.waitFor(/^typed thereafter\n✓/m)
  },
)

test('what is typed when a program that has hidden what it read has ended is no draft, and in no file', async () => {
  await using home = createHome()
  writeFileSync(`${home.user}/.bashrc`, "PROMPT_COMMAND='~/hold'\n")
  writeHold(home)
  await using tui = await openTui(home)
  await tui.submit('touch used; read -p "Name: " x; read -s -p P""IN: y')
  await tui.waitFor(/^» Name:/m)
  tui.press('ctrl-o')
  await tui.waitFor(() => !/· (?:\S )?(?:running|waiting)/.test(tui.screen()))
  tui.type('ada\r')
  await tui.waitFor('PIN:')
  // The host has looked.
  const [{id}] = await sessionsOf(home)
  await using second = await openTui(home, ['--resume', id])
  await second.waitFor(/^» PIN:/m)
  tui.type('1234\r')
  await typeBeforePrompt(home, tui, 'sesame')
  await tui.waitFor('· idle')
  await tui.submit('echo af""ter')
  await tui.waitFor(/^after\n✓/m)
  expect(tui.scrollback()).not.toContain('sesame')
  expect(filesWith(home, 'sesame')).toEqual([])
})
