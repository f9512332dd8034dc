/** The commands that drive a session, with programs that people use. */
import {readFileSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome, type Home} from '../support/home.ts'

/** A session with this program, and the commands that drive it. */
async function open(home: Home, program: readonly string[], options: readonly string[] = []) {
  const run = async (words: readonly string[], stdin = '') => {
    const {stdout, stderr, exitCode} = await home.holdfast(words, {stdin})
    expect({words, stderr, exitCode}).toEqual({words, stderr: '', exitCode: 0})
    return stdout
  }
  const created = await run(['new', '--size', '80x24', ...options, ...(program.length === 0 ? [] : ['--', ...program])])
  const id = created.trim()
  return {
    id,
    run,
    keys: (...keys: string[]) => run(['keys', id, '--', ...keys]),
    paste: (text: string, ...keys: string[]) => run(['keys', id, '--paste', '-', '--', ...keys], text),
    wait: (...words: string[]) => run(['wait', id, ...words]),
    screen: () => run(['snapshot', id]),
    snapshot: async () =>
      (JSON.parse(await run(['snapshot', '--json', id])) as {result: {is_alternate: boolean; modes: object}}).result,
    batch: async (...steps: object[]) => {
      const lines = await run(['batch', '--json', id], steps.map((step) => `${JSON.stringify(step)}\n`).join(''))
      return lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as {status?: string; result: object})
    },
  }
}

test('vim: a file is edited by keys, and gets a pasted text unchanged', async () => {
  need('vim')
  await using home = createHome()
  writeFileSync(`${home.project}/a.txt`, 'one\ntwo\n')
  const vim = await open(home, ['vim', '-u', 'NONE', '-N', '--cmd', 'set autoindent', 'a.txt'])
  await vim.wait('--text', '"a.txt" 2L')
  await vim.keys('ArrowDown', 'A', ' and', 'Backspace', 'Backspace', 'Backspace', 'more', 'Enter')
  await vim.wait('--cursor', '2,0')
  expect(await vim.snapshot()).toMatchObject({is_alternate: true, modes: {bracketed_paste: true}})
  // With its indent only if it is a bracketed paste, and what ends one is text in it.
  await vim.paste('\tfirst\n\tsecond \u001b[201~:q!\n')
  await vim.keys('Escape', ':wq', 'Enter')
  await vim.wait('--exit')
  expect(readFileSync(`${home.project}/a.txt`, 'utf8')).toBe('one\ntwo more\n\tfirst\n\tsecond ␛[201~:q!\n\n')
})

test('less: pages are turned, and a text is found', async () => {
  need('less')
  await using home = createHome()
  writeFileSync(`${home.project}/lines`, Array.from({length: 500}, (_, index) => `line ${index + 1}\n`).join(''))
  const less = await open(home, ['less', 'lines'])
  await less.wait('--regex', '^line 1$')
  const steps = await less.batch(
    {command: 'keys', keys: ['PageDown']},
    {command: 'wait', regex: '^line 46$'},
    {command: 'keys', keys: ['/', 'line 400', 'Enter']},
    {command: 'wait', regex: '^line 400$'},
    {command: 'resize', cols: 40, rows: 10},
    {command: 'wait', stable_ms: 200},
    {command: 'keys', keys: ['G']},
    {command: 'wait', text: 'line 500\n(END)'},
  )
  expect(steps.at(-1)?.result).toEqual({done: 8, failed: 0, interrupted: 0, not_run: 0})
  await less.keys('q')
  await less.wait('--exit')
})

test('htop: it draws all the time, and obeys keys', async () => {
  need('htop')
  await using home = createHome()
  const htop = await open(home, ['htop', '--delay', '2'])
  await htop.wait('--text', 'F10Quit')
  await htop.keys('F3')
  await htop.wait('--text', 'Search:')
  await htop.keys('Escape', 'F5')
  await htop.wait('--regex', '^F1Help .*F5List')
  await htop.keys('F10')
  await htop.wait('--exit')
})

test('a Node REPL: lines are typed, completed, and recalled', async () => {
  await using home = createHome()
  const node = await open(home, [process.execPath], ['--env', 'NODE_REPL_HISTORY='])
  await node.wait('--regex', '^>$')
  const steps = await node.batch(
    {command: 'keys', keys: ['const answer = 6 * 7', 'Enter']},
    {command: 'wait', regex: '^undefined$'},
    {command: 'keys', keys: ['ans', 'Tab']},
    {command: 'wait', regex: '^> answer$'},
    {command: 'keys', keys: ['Enter']},
    {command: 'wait', regex: '^42$'},
    {command: 'keys', keys: ['Up', 'Enter']},
    {command: 'wait', regex: '^42\n> answer\n42$'},
    {command: 'keys', keys: ['C-d']},
    {command: 'wait', exit: true},
  )
  expect(steps.at(-1)?.result).toMatchObject({done: 10})
})

test('an Ink app: the screen of Holdfast itself, in a session of another home', async () => {
  await using home = createHome()
  await using inner = createHome()
  const program = inner.launch(inner.project, ['--title', 'inner'])
  const tui = await open(home, program, ['--env', `HOLDFAST_HOME=${inner.state}`])
  await tui.wait('--text', 'inner · bash')
  await tui.keys('echo $((6*7))', 'Enter')
  await tui.wait('--regex', '^42$')
  await tui.keys('/sessions', 'Enter')
  await tui.wait('--regex', '^ +▸ here +inner')
  await tui.keys('Esc')
  await tui.wait('--text', '· idle')
  await tui.keys('/quit', 'Enter')
  await tui.wait('--exit')
  expect((await inner.holdfast(['ls'])).stdout).toMatch(/idle .*inner/)
})

test('fzf: a line is chosen from a list, and printed', async () => {
  need('fzf')
  await using home = createHome()
  const fzf = await open(home, ['sh', '-c', 'seq 100 | fzf --no-color > chosen'])
  await fzf.wait('--text', '100/100')
  await fzf.keys('4', '2')
  await fzf.wait('--regex', '^ *1/100')
  await fzf.keys('Enter')
  await fzf.wait('--exit')
  expect(readFileSync(`${home.project}/chosen`, 'utf8')).toBe('42\n')
})

test('bash: a pasted text of several lines runs only with Enter; a signal ends what runs', async () => {
  await using home = createHome()
  const bash = await open(home, ['bash', '--norc', '-i'], ['--env', 'PS1=$ '])
  await bash.wait('--regex', String.raw`^\$$`)
  await bash.paste('echo one\necho two')
  await bash.wait('--text', 'echo two')
  expect(await bash.screen()).not.toMatch(/^one$/m)
  await bash.keys('Enter')
  await bash.wait('--regex', '^one\ntwo$')
  await bash.keys('sleep 600', 'Enter')
  await bash.wait('--text', 'sleep 600')
  await bash.batch({command: 'signal', signal: 'INT'}, {command: 'wait', regex: String.raw`^\$$`})
  await bash.keys('exit 3', 'Enter')
  await bash.wait('--exit')
})
