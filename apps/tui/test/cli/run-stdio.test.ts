import {expect, test} from 'vitest'

import {planStdio, type StdioFacts, type StdioOptions, type StdioPlan} from '../../src/cli/commands/run/run-stdio.ts'

const terminal: StdioFacts = {stdin: 'terminal', isStdoutTerminal: true, isForeground: true}
const script: StdioFacts = {stdin: 'stream', isStdoutTerminal: false, isForeground: true}

test.each<[string, StdioFacts, Partial<StdioOptions>, StdioPlan]>([
  ['by hand', terminal, {}, {stdin: undefined, isPlain: false, passesKeys: true}],
  ['by hand, --no-tty', terminal, {tty: false}, {stdin: 'pipe', isPlain: true, passesKeys: false}],
  ['run … | head', {...terminal, isStdoutTerminal: false}, {}, {stdin: 'pipe', isPlain: true, passesKeys: false}],
  [
    'run --tty … | tee',
    {...terminal, isStdoutTerminal: false},
    {tty: true},
    {stdin: 'pipe', isPlain: false, passesKeys: false},
  ],
  ['run … &', {...terminal, isForeground: false}, {}, {stdin: 'none', isPlain: false, passesKeys: false}],
  ['… | run', {...terminal, stdin: 'stream'}, {}, {stdin: 'pipe', isPlain: false, passesKeys: false}],
  ['… | run … | …', script, {}, {stdin: 'pipe', isPlain: true, passesKeys: false}],
  ['… | run --tty … | …', script, {tty: true}, {stdin: 'pipe', isPlain: false, passesKeys: false}],
  ['run … < /dev/null', {...terminal, stdin: 'nothing'}, {}, {stdin: 'none', isPlain: false, passesKeys: false}],
  ['--no-wait', script, {wait: false}, {stdin: undefined, isPlain: false, passesKeys: false}],
  ['--no-wait --no-tty', script, {wait: false, tty: false}, {stdin: undefined, isPlain: true, passesKeys: false}],
])('%s', (_name, facts, options, plan) => {
  expect(planStdio(facts, {wait: true, ...options})).toEqual(plan)
})
