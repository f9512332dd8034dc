import {expect, test} from 'vitest'

import {createHome} from '../support/home.ts'
import {alt, ctrl, keyBytes} from '../support/key-bytes.ts'
import {openTui} from '../support/tui.ts'
import {waitForWritten} from './written.ts'

const {left, right, ctrlLeft, ctrlRight, home: homeKey, end, backspace, altBackspace, ctrlUnderscore} = keyBytes

/** A name, keys to press one by one, and the draft after them. */
const editings: [name: string, keys: string[], composed: string][] = [
  ['Ctrl-A and Ctrl-E', ['b', ctrl('a'), 'a', ctrl('e'), 'c'], 'abc'],
  ['Home and End', ['b', homeKey, 'a', end, 'c'], 'abc'],
  ['Ctrl-B, Ctrl-F and the arrows', ['ad', ctrl('b'), 'b', left, right, ctrl('f'), left, 'c'], 'abcd'],
  [
    'Alt-B, Alt-F, Ctrl-← and Ctrl-→',
    ['one two', alt('b'), 'x', ctrlLeft, alt('b'), alt('f'), 'y', ctrlRight, 'z'],
    'oney xtwoz',
  ],
  ['Ctrl-D and Delete', ['xab', ctrl('a'), ctrl('d'), right, keyBytes.delete], 'a'],
  ['Ctrl-H and Backspace', ['abxy', ctrl('h'), backspace], 'ab'],
  ['Ctrl-K and Ctrl-Y', ['one two', ctrl('a'), ctrl('k'), 'first ', ctrl('y')], 'first one two'],
  ['Ctrl-U and Ctrl-Y', ['one', ctrl('u'), 'two ', ctrl('y')], 'two one'],
  [
    'Ctrl-W, Alt-Backspace, Alt-D and Alt-Y',
    ['a-b c-d', ctrl('w'), left, altBackspace, ctrl('a'), ctrl('y'), alt('y')],
    'c-da- ',
  ],
  ['Alt-D', ['one two', ctrl('a'), alt('d')], ' two'],
  ['Alt-U, Alt-L and Alt-C', ['été TWO three', ctrl('a'), alt('u'), alt('l'), alt('c')], 'ÉTÉ two Three'],
  ['Alt-T', ['one 日本', alt('t'), '!'], '日本 one!'],
  ['Ctrl-_', ['one ', ctrl('w'), ctrlUnderscore], 'one'],
  [
    'Ctrl-_ after Alt-U and Alt-T',
    ['one two', alt('b'), alt('u'), alt('t'), ctrlUnderscore, ctrlUnderscore],
    'one two',
  ],
  [
    'Ctrl-J, Alt-Enter and Shift-Enter',
    ['a', ctrl('j'), 'b', keyBytes.altEnter, 'c', keyBytes.shiftEnter, 'd'],
    'a\nb\nc\nd',
  ],
]

test('readline’s editing keys edit the draft', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  for (const [name, keys, composed] of editings) {
    for (const key of keys) tui.type(key)
    await waitForWritten(tui, `❯ ${composed}`).catch((error: unknown) => {
      throw new Error(name, {cause: error})
    })
    tui.press('ctrl-c')
    await waitForWritten(tui, '❯')
  }
})

test('several lines are one prompt; a backslash at the end starts a new line', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  tui.type('for word in one two; do')
  tui.type(keyBytes.altEnter)
  tui.type('echo $word \\\r')
  await waitForWritten(tui, '❯ for word in one two; do\necho $word \\\n')
  tui.type('again')
  tui.type(keyBytes.shiftEnter)
  tui.type('done\r')
  await tui.waitFor(/^one again\ntwo again\n✓/m)
})

test('↑ and ↓ move through the lines of the draft, then through the history, and back to the draft', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('echo before')
  await tui.waitFor(/^✓/m)
  tui.type(`one${ctrl('j')}two`)
  await waitForWritten(tui, '❯ one\ntwo')
  tui.press('up')
  tui.type('X')
  await waitForWritten(tui, '❯ oneX\ntwo')
  tui.press('up')
  await waitForWritten(tui, '❯ echo before')
  tui.press('down')
  await waitForWritten(tui, '❯ oneX\ntwo')
})

test('the cursor is on the character, however wide it is', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  const family = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'
  tui.type(`echo 日本${family}e\u0301x`)
  await tui.waitFor('x')
  // From the end: x, é, the family, and 本.
  for (const step of [left, left, left, left]) tui.type(step)
  tui.type(ctrl('d'))
  tui.type('|')
  await tui.waitFor(`echo 日|${family}e\u0301x`)
  tui.type(backspace)
  tui.type('\r')
  await tui.waitFor(/^✓/m)
  expect(tui.scrollback()).toContain(`\n日${family}e\u0301x\n`)
})

test('a row that versions of string-width measure differently is shown whole', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  // Ink's own would take it for 93 columns, and cut it off at the edge of the screen.
  tui.type(`${'1\u20e3'.repeat(45)}end`)
  await waitForWritten(tui, `❯ ${'1\u20e3'.repeat(45)}end`)
})

test('a long draft shows the rows around its cursor, and takes half of the screen at most', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  for (let line = 1; line <= 30; line++) tui.type(`echo ${line}${line === 30 ? '' : ctrl('j')}`)
  await tui.waitFor('echo 30')
  expect(tui.screen()).not.toContain('echo 18')
  for (let step = 0; step < 29; step++) tui.press('up')
  await tui.waitFor(/❯ echo 1 *\n… echo 2/)
  tui.type(`${ctrl('a')}true; `)
  tui.type(alt('>'))
  tui.type('\r')
  await tui.waitFor(/^30\n✓/m)
  expect(tui.bytes.includes('\u001b[2J')).toBe(false)
})
