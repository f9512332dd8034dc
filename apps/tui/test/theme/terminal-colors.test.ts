import {expect, test} from 'vitest'

import {isDark, readColorReport, readColorVariable} from '../../src/theme/terminal-colors.ts'

test.each([
  ['\u001b]11;rgb:1e1e/1e1e/2e2e\u001b\\', {of: 'background', color: 0x1e_1e_2e}],
  ['\u001b]10;rgb:cd/d6/f4\u0007', {of: 'text', color: 0xcd_d6_f4}],
  ['\u001b]11;rgb:f/0/8\u0007', {of: 'background', color: 0xff_00_88}],
  ['\u001b]11;rgba:ffff/ffff/ffff/cccc\u0007', {of: 'background', color: 0xff_ff_ff}],
  ['\u001b]11;#FDF6E3\u0007', {of: 'background', color: 0xfd_f6_e3}],
  ['\u001b]11;?\u0007', undefined],
  ['\u001b]12;rgb:1e1e/1e1e/2e2e\u001b\\', undefined],
  ['\u001b[?62;22c', undefined],
])('the answer %j', (sequence, expected) => {
  expect(readColorReport(sequence)).toEqual(expected)
})

test.each([
  [{background: 0}, true],
  [{background: 0xff_ff_ff}, false],
  [{background: 0x2e_34_40}, true],
  [{background: 0xfb_f1_c7}, false],
  // A grey of medium lightness: the text decides.
  [{background: 0x80_80_80, text: 0xff_ff_ff}, true],
  [{background: 0x80_80_80, text: 0}, false],
])('dark or light: %j', (colors, expected) => {
  expect(isDark(colors)).toBe(expected)
})

test.each([
  ['15;0', true],
  ['0;15', false],
  ['0;default;15', false],
  ['15;default;8', true],
  ['0;7', false],
  ['default;default', undefined],
  ['7;16', undefined],
  [undefined, undefined],
])('$COLORFGBG %j', (COLORFGBG, expected) => {
  const colors = readColorVariable({COLORFGBG})
  expect(colors && isDark(colors)).toBe(expected)
})
