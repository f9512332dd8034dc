import {testNode20} from '../../../tooling/vitest/test-runtimes.ts'

testNode20(new URL('fixtures/survive-a-kill.ts', import.meta.url), ['complete', 'load', 'complete', '2'])
