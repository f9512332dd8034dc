import {reduceSession, type NewEvent, type SessionEvent, type SessionState} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {cachedSession, eventsOfCache} from '../src/session/cached-session.ts'
import {begin, end, numbered, print, shellInfo} from './fixtures/events.ts'

const events: NewEvent[] = [
  {type: 'session.info', payload: shellInfo},
  begin('a', 'make'),
  print('a', 'one\n'),
  end('a', 0),
]
const stateOf = (list: ReturnType<typeof numbered>) =>
  list.reduce<SessionState | undefined>((state, event) => reduceSession(state, event as SessionEvent), undefined)!

test('a session comes back from the cache as it was, without its draft', () => {
  const list = numbered(events)
  const cached = cachedSession(list, {...stateOf(list), draft: 'half typed'}, 7)
  expect(cached).toMatchObject({id: '0123456789', savedAt: 7, state: {draft: ''}})
  expect(eventsOfCache(structuredClone(cached))).toEqual(list)
})

test('only the end of a long session is kept', () => {
  const list = numbered([...events, ...Array.from({length: 5000}, () => print('a', 'x'))])
  const cached = cachedSession(list, stateOf(numbered(events)), 0)
  expect(cached.events).toHaveLength(1500)
  expect(cached.events.at(-1)).toEqual(list.at(-1))
  const large = numbered([...events, ...Array.from({length: 100}, () => print('a', 'x'.repeat(64 * 1024)))])
  expect(JSON.stringify(cachedSession(large, stateOf(numbered(events)), 0).events).length).toBeLessThan(1024 * 1024)
})

test('what another version has saved, or what has a gap, is not shown', () => {
  const list = numbered(events)
  const cached = cachedSession(list, stateOf(list), 0)
  expect(eventsOfCache({...cached, events: [list[0]!, list[2]!]})).toBeUndefined()
  expect(eventsOfCache({...cached, events: [{...list[0]!, payload: 3} as never]})).toBeUndefined()
  expect(eventsOfCache({...cached, events: []})).toBeUndefined()
})

test('events before one that could not be read are not kept: its content is lost', () => {
  const list = numbered(events)
  const unknown = {type: 'unknown', session_id: '0123456789', seq: 3, at: 0} as const
  expect(cachedSession([list[0]!, list[1]!, unknown, list[3]!], stateOf(list), 0).events).toEqual([list[3]])
})
