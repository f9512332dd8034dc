import {testRuntimes} from '../../../tooling/vitest/test-runtimes.ts'

testRuntimes(new URL('fixtures/read-terminal.ts', import.meta.url), [
  'hi é',
  '{"kind":"completed","seq":7,"exitCode":7}',
  '{"kind":"start"}',
  'out',
  '{"kind":"end","exitCode":3,"cwd":"/srv/é"}',
])
