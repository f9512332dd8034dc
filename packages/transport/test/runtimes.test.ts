import {testNode20} from '../../../tooling/vitest/test-runtimes.ts'

testNode20(new URL('fixtures/run-checks.ts', import.meta.url), [
  'stdio: passed',
  'Unix socket: passed',
  'WebSocket: passed',
])
