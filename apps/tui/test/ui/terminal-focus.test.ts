import {expect, test} from 'vitest'

import {createTerminalFocus} from '../../src/ui/terminal-focus.ts'

function shown() {
  const written: string[] = []
  let changes = 0
  const focus = createTerminalFocus(
    (text) => written.push(text),
    () => void changes++,
  )
  focus.show()
  return {focus, written, changes: () => changes}
}

const [gained, lost] = ['\u001b[I', '\u001b[O']

test('a key shows the focus after another program had the terminal, which reports only changes', () => {
  const {focus, written, changes} = shown()
  focus.take(lost)
  focus.take(gained)
  focus.restore()
  expect(focus.hasFocus).toBeUndefined()
  focus.noteKey()
  expect(focus.hasFocus).toBeUndefined()
  focus.show()
  focus.noteKey()
  focus.noteKey()
  expect([focus.hasFocus, changes()]).toEqual([true, 3])
  focus.take(lost)
  expect(focus.hasFocus).toBe(false)
  expect(written).toEqual(['\u001b[?1004h', '\u001b[?1004l', '\u001b[?1004h'])
})

test('a key shows nothing of a terminal that has never reported its focus: it would not report its loss', () => {
  const {focus, changes} = shown()
  focus.noteKey()
  expect([focus.hasFocus, changes()]).toEqual([undefined, 0])
})
