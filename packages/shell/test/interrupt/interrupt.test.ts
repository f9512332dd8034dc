import {describe, expect, test} from 'vitest'

import {readProcessStat} from '../../src/process-stat.ts'
import {SHELLS, temporaryShell, type ShellName} from '../fixtures/temporary-shell.ts'
import {whenPrinted} from '../fixtures/when-printed.ts'

const SHORT_ONES = Array.from({length: 10}, () => '/bin/true').join('; ')
/** Prints until it is interrupted. */
const TALKER = `sh -c 'while :; do echo more; sleep 0.1; done'`

describe.each(SHELLS)('%s', (name) => {
  test('Ctrl-C between short programs, again where it is lost, ends their command alone', async () => {
    const {run, shell} = await temporaryShell('', {name})
    for (let round = 0; round < 5; round += 1) {
      const {outcome, output} = await run(`${SHORT_ONES}; echo gap; ${SHORT_ONES}; ${TALKER}; echo not`, {
        onOutput: (data) => void (/gap|more/.test(Buffer.from(data).toString()) && shell.interrupt()),
      })
      expect({outcome, output}).toMatchObject({
        outcome: {kind: 'completed'},
        output: expect.stringMatching(/^gap\r\n[^n]*$/),
      })
      expect((await run('echo next')).output).toBe('next\r\n')
    }
  })

  test('a server that ends on its own at Ctrl-C is followed by what comes next', async () => {
    const {run, shell} = await temporaryShell('', {name})
    const server = `sh -c 'trap "exit 0" INT; echo ready; while :; do sleep 0.01; done'`
    const {output, outcome} = await run(`${server}; sleep 0.5; echo cleaned`, whenPrinted('ready', shell.interrupt))
    expect(output).toMatch(/ready\r\n\^C(?:\r\n)?cleaned\r\n$/)
    expect(outcome).toMatchObject({exitCode: 0})
  })
})

/** Runs longer than it takes until the effect of a Ctrl-C is checked. */
const CLEANUP = `sh -c 'sleep 0.6; echo cleaned'`
const PROGRAM = `sh -c 'echo begun; exec sleep 1000'`
const ALONE = 'sleep 1000 & echo begun; wait'
const TRAP = `trap "${CLEANUP}" INT`
const FUNCTION = `function tidy --on-signal INT; ${CLEANUP}; end`
// bash and fish run a trap only where no program is in the foreground.
const CLEANUPS: readonly [ShellName, string][] = [
  ['bash', `${TRAP}; ${ALONE}`],
  ['zsh', `${TRAP}; ${PROGRAM}`],
  ['zsh', `TRAPINT() { ${CLEANUP}; return 1 }; ${PROGRAM}`],
  ['zsh', `{ ${PROGRAM} } always { ${CLEANUP} }`],
  ['fish', `${TRAP}; ${ALONE}`],
  ['fish', `${FUNCTION}; ${ALONE}`],
  ['dash', `${TRAP}; ${PROGRAM}`],
  ['dash', `${TRAP}; ${ALONE}`],
]

test.each(CLEANUPS)('%s: what runs at Ctrl-C is left alone: %s', async (name, command) => {
  const {run, shell} = await temporaryShell('', {name})
  let hasBegun = false
  const running = run(
    command,
    whenPrinted('begun', () => (hasBegun = true)),
  )
  // A Ctrl-C between two of its builtins may be lost on the shell.
  await expect.poll(() => hasBegun && readProcessStat(shell.pid)?.isSleeping).toBe(true)
  shell.interrupt()
  expect((await running).output).toContain('cleaned')
})

// fish has no subshells, but starts programs in the same way.
describe.each(SHELLS.filter((name): name is Exclude<ShellName, 'fish'> => name !== 'fish'))('%s', (name) => {
  test('a program that is being started at Ctrl-C is interrupted, also if that takes seconds', async () => {
    const {run, shell} = await temporaryShell('', {name})
    const look = 'read now rest </proc/uptime; now=${now%.*}'
    const later = `${look}; end=$((now + 2)); until [ $now -ge $end ]; do ${look}; done`
    const {outcome} = await run(
      `(trap ': > taken' INT; echo copied; until [ -e taken ]; do :; done; ${later}; exec sleep 1000)`,
      whenPrinted('copied', shell.interrupt),
    )
    expect(outcome).toMatchObject({kind: 'completed', exitCode: 130})
  })
})
