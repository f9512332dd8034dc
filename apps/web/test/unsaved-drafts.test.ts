import {expect, test} from 'vitest'

import {joinUnsaved} from '../src/cache/unsaved-drafts.ts'

test.each([
  {typed: 'git push', before: 'git', now: 'git', is: 'git push', what: 'nobody else has typed'},
  {typed: 'git push', before: 'git', now: '', is: 'git push', what: 'what stood there was sent elsewhere'},
  {typed: 'git push', before: '', now: 'git', is: 'git push', what: 'a part of it was saved'},
  {typed: 'git push', before: '', now: 'make', is: 'make\ngit push', what: 'another device has typed'},
  {typed: 'git push', before: '', now: 'make\ngit push', is: 'make\ngit push', what: 'it was joined before'},
])('a draft that was not saved goes on where $what', ({typed, before, now, is}) => {
  expect(joinUnsaved({text: typed, before}, now)).toBe(is)
})
