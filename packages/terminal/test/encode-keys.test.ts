import {expect, test} from 'vitest'

import {encodeKeys} from '../src/index.ts'

test.each([
  ['Enter', '\r'],
  ['escape', '\u001b'],
  ['Tab', '\t'],
  ['BTab', '\u001b[Z'],
  ['shift+tab', '\u001b[Z'],
  ['Space', ' '],
  ['BSpace', '\u007f'],
  ['ctrl+backspace', '\b'],
  ['alt+Enter', '\u001b\r'],
  ['Up', '\u001b[A'],
  ['Home', '\u001b[H'],
  ['C-Left', '\u001b[1;5D'],
  ['S-Up', '\u001b[1;2A'],
  ['C-S-Right', '\u001b[1;6C'],
  ['ctrl+alt+shift+End', '\u001b[1;8F'],
  ['DC', '\u001b[3~'],
  ['Delete', '\u001b[3~'],
  ['shift+PageUp', '\u001b[5;2~'],
  ['NPage', '\u001b[6~'],
  ['F1', '\u001bOP'],
  ['shift+f1', '\u001b[1;2P'],
  ['F12', '\u001b[24~'],
  ['F20', '\u001b[34~'],
  ['C-c', '\u0003'],
  ['ctrl+C', '\u0003'],
  ['^c', '\u0003'],
  ['C-Space', '\0'],
  ['C-@', '\0'],
  ['C-[', '\u001b'],
  ['C-_', '\u001f'],
  ['C-/', '\u001f'],
  ['C-?', '\u007f'],
  ['M-x', '\u001bx'],
  ['C-M-x', '\u001b\u0018'],
  ['shift+a', 'A'],
  ['alt+é', '\u001bé'],
])('%s sends what xterm sends', (word, bytes) => {
  expect(encodeKeys([word])).toBe(bytes)
})

/** The names of agent-tty, each with that of tmux. */
test.each([
  ['Ctrl+C', 'C-c'],
  ['Alt+x', 'M-x'],
  ['Shift+Tab', 'BTab'],
  ['Enter', 'Enter'],
  ['Return', 'Enter'],
  ['Escape', 'Escape'],
  ['Esc', 'Escape'],
  ['Backspace', 'BSpace'],
  ['Space', 'Space'],
  ['Delete', 'DC'],
  ['Insert', 'IC'],
  ['ArrowUp', 'Up'],
  ['ArrowDown', 'Down'],
  ['ArrowLeft', 'Left'],
  ['ArrowRight', 'Right'],
  ['Ctrl+ArrowRight', 'C-Right'],
  ['PageUp', 'PPage'],
  ['PageDown', 'NPage'],
  ['Home', 'Home'],
  ['End', 'End'],
  ['F12', 'F12'],
])('%s sends the same as %s', (name, ofTmux) => {
  const bytes = encodeKeys([name])
  expect(bytes).toBe(encodeKeys([ofTmux]))
  expect(bytes).not.toBe(name)
})

test('the mode of application cursor keys changes arrows, Home and End without modifiers', () => {
  const modes = {applicationCursor: true}
  expect(encodeKeys(['Up', 'End', 'C-Up', 'Delete', 'F1'], modes)).toBe('\u001bOA\u001bOF\u001b[1;5A\u001b[3~\u001bOP')
})

test.each([
  ['hello world'],
  ['x'],
  ['日本'],
  ['c-'],
  ['s-expression'],
  ['ctrl+'],
  ['-'],
  ['^'],
  ['^^^'],
  ['Enter now'],
  [''],
  ['Center'],
  ['Spade'],
  ['Don'],
  ['entr'],
  ['C-reactive'],
])('`%s` names no key, and is sent as it is', (text) => {
  expect(encodeKeys([text])).toBe(text)
})

test.each([
  ['Entr', 'Enter'],
  ['Escpae', 'Escape'],
  ['PageDwon', 'PageDown'],
  ['Ctrl+Lfet', 'Ctrl+Left'],
  ['C-S-Hme', 'C-S-Home'],
])('`%s` is refused: it may have meant `%s`', (word, meant) => {
  expect(() => encodeKeys(['a', word])).toThrow(
    new TypeError(
      `Expected a key or a text, got \`${word}\`: did you mean \`${meant}\`? To type it as a text, paste it`,
    ),
  )
})

test('words are sent in their order', () => {
  expect(encodeKeys([':wq', 'Enter', 'C-d'])).toBe(':wq\r\u0004')
})

test.each(['ctrl+1', 'C-é', 'ctrl+alt+日'])('`%s` is refused: no terminal sends it', (word) => {
  expect(() => encodeKeys(['a', word])).toThrow(
    new TypeError(`Expected a key that a terminal can send, got \`${word}\``),
  )
})
