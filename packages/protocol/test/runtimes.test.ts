import {testRuntimes} from '../../../tooling/vitest/test-runtimes.ts'

testRuntimes(new URL('fixtures/round-trip.ts', import.meta.url), [
  'cwd: Expected an absolute path',
  '/srv, 1 waiting',
  'hi → there',
  '32',
])
