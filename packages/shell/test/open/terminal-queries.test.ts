import {expect, test} from 'vitest'

import {temporaryShell} from '../fixtures/temporary-shell.ts'

/** Asks as a program does: switches the echo off, prints the question, reads the answer to its last character. */
const ask = (question: string, last: string, before = '') =>
  `bash -c 'stty -echo; printf "${before}${question}"; IFS= read -r -d ${last} x; stty echo; printf %q "$x"'`

test.each([
  ['where the cursor is', ask('\\e[6n', 'R', '\\e[2J\\e[5;7H'), String.raw`$'\E[5;7'`],
  ['how it is', ask('\\e[5n', 'n'), String.raw`$'\E[0'`],
  ['what it is', ask('\\e[c', 'c'), String.raw`$'\E[?1;2'`],
  ['its version', ask('\\e[>c', 'c'), String.raw`$'\E[>0;276;0'`],
  ['its background', ask('\\e]11;?\\a', '/'), String.raw`$'\E]11;rgb:0000'`],
])('a program that asks %s is answered', async (_, command, answer) => {
  const {run} = await temporaryShell()
  const {output, outcome} = await run(command)
  expect(output.endsWith(answer)).toBe(true)
  expect(outcome).toMatchObject({exitCode: 0})
  expect((await run('echo next')).output).toBe('next\r\n')
})

test('the answer knows the size, and what was printed long before', async () => {
  const {run, shell} = await temporaryShell()
  await run(ask('\\e[6n', 'R'))
  shell.resize({cols: 200, rows: 50})
  await run('seq 20000')
  expect((await run(ask('\\e[6n', 'R', '\\e[999;999H'))).output).toContain(String.raw`$'\E[50;200'`)
})
