import {constants} from 'node:os'

import {describe, expect, test} from 'vitest'

import {nameOf} from '../src/activity/nested-shell.ts'
import {readProcessStat} from '../src/process-stat.ts'
import {SHELLS, temporaryShell, type TemporaryShell} from './fixtures/temporary-shell.ts'
import {whenPrinted} from './fixtures/when-printed.ts'

const CTRL_Z = '\x1a'
const stoppedExitCode = 128 + constants.signals.SIGTSTP

/** Runs a command, and types Ctrl-Z when `program` is in the foreground. */
async function runAndStop({run, shell}: TemporaryShell, command: string, program: string) {
  const running = run(command)
  await expect.poll(() => nameOf(readProcessStat(shell.pid)!.foregroundGroup)).toBe(program)
  shell.input(CTRL_Z)
  return (await running).outcome
}

describe.each(SHELLS)('%s', (name) => {
  test('a command that Ctrl-Z stops ends with the status of a stopped job, each time', async () => {
    const opened = await temporaryShell('', {name})
    await opened.run('false')
    await opened.run(name === 'fish' ? 'function f; tail -f /dev/null; end' : 'f() { tail -f /dev/null; }')
    for (const [command, program] of [
      ['sleep 300', 'sleep'],
      ['fg', 'sleep'],
      ['f', 'tail'],
    ] as const)
      expect(await runAndStop(opened, command, program)).toMatchObject({exitCode: stoppedExitCode})
  })

  test('beside a stopped job, other commands end with their own status', async () => {
    const opened = await temporaryShell('', {name})
    const {run, shell} = opened
    await runAndStop(opened, 'sleep 300', 'sleep')
    expect((await run('sleep 100 &')).outcome).toMatchObject({exitCode: 0})
    expect((await run('false')).outcome).toMatchObject({exitCode: 1})
    // For this program, Ctrl-Z is a key.
    const readKey = `sh -c 'stty -isig; echo rea""dy; head -n 1; stty isig'`
    const {outcome} = await run(
      readKey,
      whenPrinted('ready', () => shell.input(`${CTRL_Z}\n`)),
    )
    expect(outcome).toMatchObject({exitCode: 0})
  })
})
