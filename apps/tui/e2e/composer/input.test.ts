import {existsSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {filesWith} from '../support/files-with.ts'
import {createHome} from '../support/home.ts'
import {ctrl} from '../support/key-bytes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'
import {waitForWritten} from './written.ts'

/** Reads a line and a hidden one, and tells only how long the hidden one is. */
const askers = [
  ['bash', `read -p 'Name: ' n; read -rsp 'Secret: ' s; echo; echo "$n has \${#s}"`],
  ['zsh', `read 'n?Name: '; read -s 's?Secret: '; echo; echo "$n has \${#s}"`],
  [
    'fish',
    `read -P 'Name: ' n; sh -c 'stty -echo; printf "Secret: "; read s; stty echo; echo; echo "$0 has \${#s}"' $n`,
  ],
  ['dash', `printf 'Name: '; read n; stty -echo; printf 'Secret: '; read s; stty echo; echo; echo "$n has \${#s}"`],
  ['python3', `import getpass; n = input('Name: '); print(n, 'has', len(getpass.getpass('Secret: ')))`],
] as const

test.for(askers)(
  '%s asks: its prompt is in front of the line, Enter answers, dots hide a secret that is nowhere',
  async ([asker, code]) => {
    const program = need(asker)
    await using home = createHome()
    const isShell = asker !== 'python3'
    if (!isShell) writeFileSync(`${home.project}/ask.py`, code)
    await using tui = await openTui(home, [], {env: {SHELL: isShell ? program : need('bash')}, cols: 120})
    await tui.submit(isShell ? code : 'python3 ask.py')
    await waitForWritten(tui, '» Name:')
    await tui.waitFor('Enter answers the program · Ctrl-T types a command')
    tui.type('ada')
    await waitForWritten(tui, '» Name: ada')
    tui.press('enter')
    await waitForWritten(tui, '» Secret:')
    await tui.waitFor('Not shown · Enter sends it')
    tui.type('hunter22')
    await waitForWritten(tui, '» Secret: ••••••••')
    tui.press('enter')
    await tui.waitFor(/^ada has 8$/m)
    await waitForWritten(tui, '❯')
    tui.press('up')
    await tui.waitFor(() => !/^❯ *$/m.test(tui.screen()))
    expect(tui.screen()).not.toMatch(/^❯ .*(?:ada|hunter)$/m)
    expect(tui.bytes.includes('hunter22')).toBe(false)
    expect(filesWith(home, 'hunter22')).toEqual([])
    expect((await home.holdfast(['search', 'hunter22'])).stdout).toBe('')
  },
)

test('a question that is too long to stand in front of the line stands right above it', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  const question = 'Are you sure you want to continue connecting (yes/no/[fingerprint])?'
  writeFileSync(`${home.project}/ask`, `read -p '${question} ' x; echo "got <$x>"\n`)
  await tui.submit('. ./ask')
  await tui.waitFor(() => tui.screen().includes(`\n${question}\n»`))
  expect(tui.screen().split(`\n${question}`)).toHaveLength(2)
  tui.type('yes\r')
  await tui.waitFor(/^got <yes>\n✓/m)
  tui.resize(60, 24)
  await tui.submit('. ./ask')
  // Its last row is short enough.
  await tui.waitFor(/^Are you sure [^\n]+\n» \S+$/m)
  tui.type('no\r')
  await tui.waitFor(/^got <no>\n✓/m)
})

test('a secret that is typed before the screen knows goes on as dots, and the prompt before it stays', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  // No output and no key: only what is typed makes the host look.
  await tui.submit('until [ -e go ]; do sleep 0.01; done; read -rs s; echo "has ${#s}"')
  await tui.waitFor(/· (?:\S )?running/)
  tui.type('git st')
  await waitForWritten(tui, '❯ git st')
  // Saved, it is known to be no secret. What was typed just before would go on as dots, too.
  await until(() => filesWith(home, 'git st').length > 0, {what: 'the saved draft'})
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor(/^» *$/m)
  for (const letter of 'hunter22') tui.type(letter)
  await waitForWritten(tui, '» ••••••••')
  tui.press('enter')
  await tui.waitFor(/^has 8$/m)
  await waitForWritten(tui, '❯ git st')
  expect(filesWith(home, 'hunter22')).toEqual([])
})

test('a secret that is submitted before the screen knows is neither queued nor kept', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {cols: 120})
  await tui.submit('stty -echo; touch off; read -r s; stty echo; echo "has ${#s}"')
  await until(() => existsSync(`${home.project}/off`), {what: 'a program that hides what is typed'})
  // Without a look at the screen, which learns of it at this moment.
  tui.type('hunter22')
  tui.press('enter')
  const isSent = () => /^has 8$/m.test(tui.screen())
  await tui.waitFor(() => isSent() || tui.screen().includes('your text was discarded, not queued'))
  if (!isSent()) {
    await waitForWritten(tui, '»')
    tui.type('hunter22')
    tui.press('enter')
    await tui.waitFor(isSent)
  }
  await waitForWritten(tui, '❯')
  tui.press('up')
  await tui.waitFor(/^❯ stty -echo/m)
  expect(filesWith(home, 'hunter22')).toEqual([])
})

test('python3 is answered line by line; Ctrl-T queues a command; ↑ knows the answers; Ctrl-D ends its input', async () => {
  need('python3')
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('python3 -i -q')
  await waitForWritten(tui, '» >>>')
  tui.type('print(6 * 7)\r')
  await tui.waitFor(/^42$/m)
  await waitForWritten(tui, '» >>>')
  tui.press('up')
  await waitForWritten(tui, '» >>> print(6 * 7)')
  tui.type(ctrl('u'))
  tui.type(ctrl('t'))
  await tui.submitLast('echo waits')
  await tui.waitFor('· 1 queued')
  await waitForWritten(tui, '» >>>')
  tui.press('escape')
  await waitForWritten(tui, '❯')
  tui.press('escape')
  await waitForWritten(tui, '» >>>')
  tui.press('ctrl-d')
  await tui.waitFor(/^waits\n✓/m)
  await waitForWritten(tui, '❯')
  tui.press('up')
  await waitForWritten(tui, '❯ echo waits')
  tui.press('up')
  await waitForWritten(tui, '❯ python3 -i -q')
})

test('a prompt that was begun before the program asked stays a prompt, and is marked', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {cols: 120})
  await tui.submit('until [ -e go ]; do sleep 0.05; done; read -p "Continue? [y/N] " x; echo "got <$x>"')
  await tui.waitFor('Enter queues')
  tui.type('echo nex')
  await waitForWritten(tui, '❯ echo nex')
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor('Typed before the program asked · Enter queues it · Ctrl-T answers the program')
  tui.type('t')
  tui.type(ctrl('t'))
  await waitForWritten(tui, '» Continue? [y/N]')
  tui.type('y')
  tui.press('enter')
  await tui.waitFor(/^got <y>\n✓/m)
  await waitForWritten(tui, '❯ echo next')
})

test('a line that the program no longer waits for does not run as a command by one Enter', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('read -p "Name: " x')
  await waitForWritten(tui, '» Name:')
  tui.type('yes')
  await waitForWritten(tui, '» Name: yes')
  await home.holdfast(['send', (await sessionsOf(home))[0].id, 'ada'])
  await tui.waitFor('Typed for a program that has ended · Enter twice runs it')
  tui.type('!!')
  await waitForWritten(tui, '❯ yes!!')
  tui.press('enter')
  await tui.waitFor(() => !tui.screen().includes('Typed for a program'))
  await waitForWritten(tui, '❯ yes!!')
  expect(tui.scrollback()).not.toMatch(/^❯ yes.*\n(?:y\n|✓)/m)
})

test('cat prints each line, until Ctrl-D', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('cat > lines; wc -l < lines')
  await waitForWritten(tui, '»')
  for (const line of ['one', 'two']) {
    tui.type(line)
    await waitForWritten(tui, `» ${line}`)
    tui.press('enter')
    await waitForWritten(tui, '»')
  }
  // A paste of two lines is two lines.
  tui.type('\u001b[200~three\rfour\u001b[201~\r')
  await waitForWritten(tui, '»')
  tui.press('ctrl-d')
  await tui.waitFor(/^4\n✓/m)
})

test('Ctrl-T reports that no program runs; it sends a line ahead to one that reads nothing; Ctrl-C interrupts', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  tui.type(ctrl('t'))
  await tui.waitFor('No program runs that could read input')
  await tui.submit('until [ -e go ]; do sleep 0.05; done; read x; echo "got <$x>"')
  await tui.waitFor('Enter queues')
  tui.type(ctrl('t'))
  await waitForWritten(tui, '»')
  tui.type('early')
  tui.press('enter')
  writeFileSync(`${home.project}/go`, '')
  await tui.waitFor(/^got <early>\n✓/m)
  await tui.submit('sleep 60')
  await tui.waitFor(/· (?:\S )?running/)
  tui.type(ctrl('t'))
  await waitForWritten(tui, '»')
  tui.press('ctrl-c')
  await tui.waitFor(/^■ interrupted/m)
  await waitForWritten(tui, '❯')
})

test('Ctrl-C at a question drops what is typed for it, as in a terminal', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {env: {SHELL: need('bash')}})
  await tui.submit(`read -p 'Continue? ' answer`)
  await waitForWritten(tui, '» Continue?')
  tui.type('y')
  await waitForWritten(tui, '» Continue? y')
  tui.press('ctrl-c')
  await tui.waitFor('· idle')
  await tui.submit('echo no""thing')
  await tui.waitFor(/^nothing\n✓/m)
  await tui.submit('python3 -q')
  need('python3')
  await waitForWritten(tui, '» >>>')
  tui.type('x = ')
  await waitForWritten(tui, '» >>> x =')
  tui.press('ctrl-c')
  await tui.waitFor('KeyboardInterrupt')
  tui.type('print(6 * 7)')
  tui.press('enter')
  await tui.waitFor(/^42$/m)
})
