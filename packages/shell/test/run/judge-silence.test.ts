import {expect, test} from 'vitest'

import {judgeSilence, type Silence} from '../../src/run/judge-silence.ts'

const silence: Silence = {quietMs: 400, reading: 'editor', canAsk: true, askedMs: undefined, isHooked: false}

test.each<[string, Partial<Silence>, string]>([
  ['a line editor is asked', {}, 'ask'],
  ['it has time to answer', {askedMs: 300}, 'wait'],
  ['without an answer, it is a prompt', {askedMs: 600}, 'at-prompt'],
  ['with the hooks, it belongs to a command', {askedMs: 600, isHooked: true}, 'wait'],
  ['a line editor that cannot be asked is a prompt', {canAsk: false}, 'at-prompt'],
  ['a plain prompt is a prompt', {reading: 'plain'}, 'at-prompt'],
  ['a short silence proves nothing', {reading: 'plain', quietMs: 200}, 'wait'],
  ['no silence of a program is too long', {reading: 'none', quietMs: 1e9, canAsk: false}, 'wait'],
])('%s', (_, facts, verdict) => {
  expect(judgeSilence({...silence, ...facts})).toBe(verdict)
})
