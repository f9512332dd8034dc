import {expect, test} from 'vitest'

import {planSend, type SendFacts} from '../../../src/cli/commands/drive/plan-send.ts'

const facts: SendFacts = {obstacle: 'not-reading', isSecret: false, waitedMs: 0, timeoutMs: 10_000}

test('what a program does not read is sent again until the time is over', () => {
  expect(planSend({...facts, waitedMs: 9999})).toEqual({kind: 'again'})
  expect(planSend({...facts, waitedMs: 10_000})).toEqual({
    kind: 'give-up',
    message: 'nothing was sent: waited 10.0 s for the program to read, but the program does not read its terminal',
  })
})

test('where the system does not tell whether a terminal echoes, a secret does not wait', () => {
  expect(planSend({...facts, obstacle: 'unknown', isSecret: true})).toEqual({
    kind: 'give-up',
    message:
      'nothing was sent: expected the program to ask for a secret, but this system does not tell whether the terminal shows what is typed: use `holdfast attach`',
  })
})
