import {testNode20} from '../../../tooling/vitest/test-runtimes.ts'

testNode20(new URL('fixtures/write-and-explain.ts', import.meta.url), ['gateway: it exited with 1'])
