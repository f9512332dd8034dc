import {testRuntimes} from '../../../tooling/vitest/test-runtimes.ts'

testRuntimes(new URL('fixtures/round-trip.ts', import.meta.url), [
  'Hello Ada',
  '-32602',
  '{"percent":50}',
  'true',
  'responded',
  'true',
])
