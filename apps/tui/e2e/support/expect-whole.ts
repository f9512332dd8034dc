import {expect} from 'vitest'

import {parseEvents} from './events-of.ts'
import type {Home} from './home.ts'

/** Expects the events of a session to have the seqs 1, 2, 3 … `options` say where it is. */
export async function expectWhole(home: Home, options: readonly string[], id: string): Promise<void> {
  const {stdout} = await home.holdfast(['show', ...options, id, '--json'])
  const events = parseEvents(stdout)
  expect(events.length).toBeGreaterThan(0)
  expect(events.map(({seq}) => seq)).toEqual(events.map((_, index) => index + 1))
}
