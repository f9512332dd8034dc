import {testNode20} from '../../../tooling/vitest/test-runtimes.ts'

testNode20(new URL('fixtures/draw-draft.ts', import.meta.url), ['1'])
