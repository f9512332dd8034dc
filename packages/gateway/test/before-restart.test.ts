import {expect, test} from 'vitest'

import {isOfEarlierBoot} from '../src/stored-sessions/before-restart.ts'

test.each([
  ['another boot id was recorded', 'boot-1', 'boot-2', true],
  ['the boot id of this boot was recorded', 'boot-2', 'boot-2', false],
  ['no host left a record', undefined, 'boot-2', false],
  ['the record is empty, as after a loss of power', '', 'boot-2', false],
  ['the system tells no boot id', 'boot-1', undefined, false],
])('%s', (_what, recorded, boot, isEarlier) => {
  expect(isOfEarlierBoot(recorded, boot)).toBe(isEarlier)
})
