import {describe} from 'vitest'

import {testNode20, testRuntimes} from '../../../tooling/vitest/test-runtimes.ts'

describe('@holdfast/supervisor', () => {
  testNode20(new URL('fixtures/restart-cat.ts', import.meta.url), ['SIGTERM', 'generation 2', 'tui', 'requested'])
})

describe('@holdfast/supervisor/supervise', () => {
  testRuntimes(new URL('fixtures/restart-connection.ts', import.meta.url), ['1', '2', '3'])
})
