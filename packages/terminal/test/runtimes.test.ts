import {testNode20} from '../../../tooling/vitest/test-runtimes.ts'

testNode20(new URL('fixtures/show-output.ts', import.meta.url), ['one,TWO', 'loading 100%', 'a long/line'])
