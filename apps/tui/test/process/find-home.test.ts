import {userInfo} from 'node:os'

import {expect, onTestFinished, test, vi} from 'vitest'

import {findHome} from '../../src/process/find-home.ts'

test.for(['', 'here'])(
  'a HOME of `%s` is no absolute path: the home is in the folder of the system’s database',
  (home) => {
    vi.stubEnv('HOME', home)
    onTestFinished(() => void vi.unstubAllEnvs())
    expect(findHome({})).toBe(`${userInfo().homedir}/.local/state/holdfast`)
  },
)

test('an empty HOLDFAST_HOME counts as not set', () => {
  expect(findHome({HOLDFAST_HOME: '', XDG_STATE_HOME: '/state'})).toBe('/state/holdfast')
})
