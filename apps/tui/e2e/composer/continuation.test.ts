import {existsSync, mkdirSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome} from '../support/home.ts'
import {openTui, type Tui} from '../support/tui.ts'
import {withoutHint} from './written.ts'

/** For each shell: the lines of a loop, and of an open quote. */
const texts = {
  bash: ['for i in 1 2', 'do echo "n$i"', 'done'],
  zsh: ['for i in 1 2', 'do echo "n$i"', 'done'],
  dash: ['for i in 1 2', 'do echo "n$i"', 'done'],
  fish: ['for i in 1 2', 'echo "n$i"', 'end'],
} as const
/** What each shows before the second and the third line of the loop: its `$PS2`. */
const shellSigns = {
  bash: ['> ', '> '],
  zsh: ['for> ', 'for> '],
  dash: ['> ', '> '],
  fish: ['… ', '… '],
} as const
const shells = ['bash', 'zsh', 'fish', 'dash'] as const

/** A home in which fish does not fill this folder at its first start, as a job that shares the terminal. */
function createUsedHome() {
  const home = createHome()
  mkdirSync(`${home.user}/.local/share/fish/generated_completions`, {recursive: true})
  return home
}

/** Types lines, each with Enter; the composer shows each one before the next, behind these signs of the shell. */
async function typeLines(tui: Tui, lines: readonly string[], signs: readonly string[] = ['> ', '> ']): Promise<void> {
  for (const [at, line] of lines.entries()) {
    tui.type(line)
    const shown = `${at === 0 ? '❯ ' : signs[at - 1]}${line}`
    await tui.waitFor(() => tui.screen().split('\n').includes(shown))
    tui.press('enter')
    const next = signs[at]?.trimEnd()
    if (at < lines.length - 1) await tui.waitFor(() => withoutHint(tui).at(-1) === next)
  }
}

test.for(shells)('in %s, a loop that is typed over lines runs when it is whole', async (shell) => {
  need(shell)
  await using home = createUsedHome()
  await using tui = await openTui(home, ['--shell', shell])
  await tui.waitFor('· idle')
  await typeLines(tui, texts[shell], shellSigns[shell])
  await tui.waitFor(/^n1\nn2\n✓/m)
  expect(tui.scrollback()).not.toContain('✗')
})

test('a paste that ends unfinished waits in the draft, and Ctrl-C drops it', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  tui.type('\u001b[200~touch first\rcat > second <<EOF\rtext\u001b[201~')
  await tui.waitFor(/^… text$/m)
  tui.press('enter')
  await tui.waitFor(/^… text\n>$/m)
  expect(existsSync(`${home.project}/first`)).toBe(false)
  tui.press('ctrl-c')
  await tui.waitFor(/idle\n❯$/m)
  expect(existsSync(`${home.project}/first`)).toBe(false)
})

test('a here-document, and a backslash that continues; one in a comment does not', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  await typeLines(tui, ['cat <<EOF', 'one $((1+1))', 'EOF'])
  await tui.waitFor(/^one 2\n✓/m)
  await typeLines(tui, ['echo a \\', 'b'])
  await tui.waitFor(/^a b\n✓/m)
  await tui.submit('# nothing \\')
  await tui.waitFor(/^❯ # nothing \\\n✓/m)
})

test('a queued command that turns out unfinished when it runs comes back whole, and nothing of it has run', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  // Only the shell itself knows this alias: it opens a quote.
  await tui.submit(String.raw`shopt -s expand_aliases; alias open="echo 'a"`)
  await tui.waitFor(/^✓/m)
  await tui.submit('open b')
  await tui.waitFor('The command is unfinished: nothing of it has run')
  await tui.waitFor(/^❯ open b$/m)
})

test('run refuses an unfinished command with the status of a syntax error', async () => {
  await using home = createHome()
  const {stdout, stderr, exitCode} = await home.holdfast(['run', '--', 'touch ran; for i in 1'])
  expect({stdout, exitCode}).toEqual({stdout: '', exitCode: 2})
  expect(stderr).toMatch(/^holdfast: failed: the command is incomplete/)
  expect(existsSync(`${home.project}/ran`)).toBe(false)
})
