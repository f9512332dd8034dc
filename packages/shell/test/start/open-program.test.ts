import {tmpdir} from 'node:os'

import {expect, test} from 'vitest'

import {openProgram, readProcesses} from '../../src/index.ts'

/** Opens a script of sh, and collects what it prints. */
function open(script: string, env?: Record<string, string>) {
  let printed = ''
  const waiting: {text: string; resolve(): void}[] = []
  const program = openProgram('sh', ['-c', script], {
    cwd: tmpdir(),
    ...(env && {env: {...process.env, ...env}}),
    onOutput(data) {
      printed += Buffer.from(data).toString()
      for (const {text, resolve} of waiting) if (printed.includes(text)) resolve()
    },
  })
  const until = (text: string) =>
    new Promise<void>((resolve) => {
      waiting.push({text, resolve})
      if (printed.includes(text)) resolve()
    })
  return {program, until, printed: () => printed}
}

test('a program gets its variables, what is typed and a new size, and ends with its code', async () => {
  const {program, until, printed} = open('echo ready; read -r line; echo "$NAME said $line"; stty size; exit 3', {
    NAME: 'Ada',
  })
  await until('ready')
  program.resize({cols: 100, rows: 30})
  expect(program.input('hello\r')).toBe(true)
  expect(await program.closed).toEqual({exitCode: 3, signal: undefined})
  expect(printed()).toContain('Ada said hello\r\n30 100\r\n')
  expect(program.input('too late')).toBe(false)
})

test('a hidden line is recognised, and typed only for its reader', async () => {
  const {program, until, printed} = open(
    'stty -echo; echo ready; read -r line; stty echo; echo "got ${#line}"; sleep 300',
  )
  await until('ready')
  await expect.poll(() => program.inputWhen('hidden', 'secret\r')).toBeUndefined()
  await until('got 6')
  expect(printed()).not.toContain('secret')
  expect(await program.inputWhen('hidden', 'secret\r')).toBe('not-reading')
  await program.close()
  expect(await program.inputWhen('hidden', 'secret\r')).toBe('not-running')
})

test('the terminal answers the query of a program', async () => {
  const {program, until} = open(
    String.raw`stty raw -echo; printf '\033[6n'; head -c 6 | od -c | head -1; stty sane; exit`,
  )
  await until('033   [   1   ;   1   R')
  await program.closed
})

test('an interrupt is Ctrl-C first, and a stronger signal for a program that ignores it', async () => {
  const {program, until} = open('trap "echo caught" INT; echo ready; while :; do sleep 0.01; done')
  await until('ready')
  program.interrupt()
  await until('caught')
  await program.close()

  const deaf = open('trap "" INT; echo ready; while :; do sleep 0.01; done')
  await deaf.until('ready')
  const pressing = setInterval(() => deaf.program.interrupt(), 100)
  const exit = await deaf.program.closed
  clearInterval(pressing)
  expect(exit).toEqual({exitCode: undefined, signal: 'SIGTERM'})
})

test('what it has started is ended with it', async () => {
  const {program, until, printed} = open('sleep 300 & echo "$! started"; wait')
  await until('started')
  await program.close()
  expect(readProcesses().has(Number.parseInt(printed(), 10))).toBe(false)
})

test('a program or a folder that does not exist is an error', () => {
  const options = {cwd: '/', onOutput: () => undefined}
  expect(() => openProgram('no-such-program', [], options)).toThrow(
    'the program `no-such-program` was not found: name a program by its path, or by its name on $PATH',
  )
  expect(() => openProgram('etc/passwd', [], options)).toThrow(
    'the program `etc/passwd` is not a program that you may run',
  )
  expect(() => openProgram('true', [], {...options, cwd: '/nowhere'})).toThrow(
    'cannot start `true` in `/nowhere`: no such folder',
  )
})
