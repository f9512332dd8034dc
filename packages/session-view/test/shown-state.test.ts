import {expect, test} from 'vitest'

import {shownState} from '../src/texts/shown-state.ts'

test('of a session whose machine does not answer, what it last did says nothing', () => {
  expect(shownState({state: 'idle'})).toBe('idle')
  expect(shownState({state: 'running', machine_silent: true})).toBe('silent')
  expect(shownState({state: 'stopped', machine_silent: true})).toBe('silent')
})
