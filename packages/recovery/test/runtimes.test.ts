import {testRuntimes} from '../../../tooling/vitest/test-runtimes.ts'

testRuntimes(new URL('fixtures/plan-restarts.ts', import.meta.url), [
  'restart after 0 ms',
  'restart after 500 ms',
  'restart after 2000 ms',
  'give up after 3',
  'restart',
  'ping',
])
