import {expect, test} from 'vitest'

import {judgeInterrupt, type Foreground, type Moment} from '../../src/interrupt/foreground.ts'

const shell: Foreground = {group: 1, isShell: true, programs: []}
const copy = (group: number): Foreground => ({group, isShell: false, programs: []})
const program = (pid: number, startTicks = 100): Foreground => ({
  group: pid,
  isShell: false,
  programs: [{pid, startTicks}],
})
/** The process 5 was forked last. */
const moment: Moment = {lastPid: 5, ticks: 100}

test.each<[string, Foreground, Foreground, ReturnType<typeof judgeInterrupt>]>([
  ['the shell starts nothing yet', shell, shell, 'unknown'],
  ['the shell is about to start a program', shell, copy(5), 'unknown'],
  ['the shell was about to start a program', shell, program(5), 'missed'],
  ['a copy of the shell has become a program', copy(5), program(5), 'missed'],
  ['the program has not ended yet', program(5), program(5), 'received'],
  ['the program has ended, and another one runs, as in a trap', program(5), program(6), 'received'],
  ['the shell was alone, and runs a trap', shell, program(6), 'received'],
  ['a copy of the shell has ended, and the shell runs a trap', copy(5), program(6), 'received'],
  ['the shell runs a trap whose process has a small id, after the highest one', shell, program(2, 101), 'received'],
])('%s', (_, foreground, now, effect) => {
  expect(judgeInterrupt({foreground, moment}, now)).toBe(effect)
})

test('where the system does not show which process was forked last, nothing is signalled', () => {
  expect(judgeInterrupt({foreground: shell, moment: undefined}, program(5))).toBe('received')
})
