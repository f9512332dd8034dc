import {afterEach, expect, test, vi} from 'vitest'

import {hasHyperlinks} from '../../../src/ui/agent/has-hyperlinks.ts'

afterEach(() => void vi.unstubAllEnvs())

const terminal = {isTTY: true} as NodeJS.WriteStream
const names = ['CI', 'STY', 'TERM', 'TMUX', 'FORCE_HYPERLINK', 'FORCE_COLOR', 'NO_COLOR', 'TERM_PROGRAM']

test.each([
  [{TERM: 'xterm-256color'}, true],
  [{TERM: 'screen-256color', STY: '1.pts'}, false],
  [{TERM: 'xterm-256color', STY: '1.pts'}, false],
  // Over ssh, only the type is passed on.
  [{TERM: 'screen.xterm-256color'}, false],
  [{TERM: 'screen-256color', TMUX: '/run/tmux,1,0'}, true],
  [{TERM: 'screen-256color', STY: '1.pts', FORCE_HYPERLINK: '1'}, true],
])('in a terminal that shows links, around %j: %s', async (environment, expected) => {
  for (const name of names) vi.stubEnv(name, undefined)
  for (const [name, value] of Object.entries({TERM_PROGRAM: 'ghostty', ...environment})) vi.stubEnv(name, value)
  expect(await hasHyperlinks(terminal)).toBe(expected)
})
