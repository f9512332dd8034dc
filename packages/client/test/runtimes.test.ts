import {describe} from 'vitest'

import {testNode20, testRuntimes} from '../../../tooling/vitest/test-runtimes.ts'

describe('@holdfast/client', () => {
  const expected = ['message.start make', 'message.delta ok', '2 gateways']
  testRuntimes(new URL('fixtures/follow-session.ts', import.meta.url), expected)
})

describe('@holdfast/client/local', () => {
  testNode20(new URL('fixtures/ping-local.ts', import.meta.url), ['{}', 'RecoveryError', '{}'])
})
