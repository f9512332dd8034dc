import {testBrowser} from '../../../tooling/vitest/test-runtimes.ts'

testBrowser(new URL('fixtures/follow-session.ts', import.meta.url), [
  'message.start make',
  'message.delta ok',
  '2 gateways',
])
