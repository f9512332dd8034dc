import {tmpdir} from 'node:os'

import {expect, test} from 'vitest'

import {createShellPrograms} from '../../src/close/shell-programs.ts'
import {readProcesses, startProgram} from '../../src/index.ts'

/** Starts a command, and collects what it prints. */
function start(command: string, cwd = tmpdir()) {
  let printed = ''
  const begun = Promise.withResolvers<void>()
  const program = startProgram('/bin/sh', ['-c', command], {
    cwd,
    onData(data) {
      printed += Buffer.from(data).toString()
      begun.resolve()
    },
  })
  return {program, begun: begun.promise, printed: () => printed}
}

test('a program runs on a terminal of its own, and ends with its code when all output was delivered', async () => {
  const {program, printed} = start('test -t 0 && tput cols && pwd; exit 3', '/usr')
  expect(await program.closed).toEqual({exitCode: 3, signal: undefined})
  expect(printed()).toBe('80\r\n/usr\r\n')
})

test('a program ends with what it has started', async () => {
  const {program, begun, printed} = start('sleep 300 & echo $!; wait')
  await begun
  await program.end()
  expect(await program.closed).toEqual({exitCode: undefined, signal: 'SIGHUP'})
  expect(readProcesses().has(Number(printed()))).toBe(false)
})

test('what a program leaves behind is ended after its exit', async () => {
  const {program, printed} = start('trap "" HUP; sleep 300 & echo $!')
  await program.closed
  const pid = Number(printed())
  expect(readProcesses().has(pid)).toBe(true)
  await program.end({graceMs: 50, killAfterMs: 50})
  // The kernel ends it after the signal was sent.
  await expect.poll(() => readProcesses().has(pid)).toBe(false)
})

test('what a program leaves behind is found also if it exits before it is looked at', async () => {
  const {program, printed} = start('trap "" HUP; sleep 300 & echo $!')
  await program.closed
  const lookedAtLate = createShellPrograms(program.pid)
  lookedAtLate.noteExit()
  expect(lookedAtLate.find()).toEqual([Number(printed())])
  await program.end({graceMs: 50, killAfterMs: 50})
})

test('no program starts in a folder that does not exist', () => {
  expect(() => start('true', '/nowhere')).toThrow('cannot start `/bin/sh` in `/nowhere`: no such folder')
})
