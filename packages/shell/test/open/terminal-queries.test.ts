import {expect, test} from 'vitest'

import {temporaryShell} from '../fixtures/temporary-shell.ts'

/** Queries as a program does: switches the echo off, prints the query, reads the reply up to its last character. */
const query = (sequence: string, last: string, before = '') =>
  `bash -c 'stty -echo; printf "${before}${sequence}"; IFS= read -r -d ${last} x; stty echo; printf %q "$x"'`

test.each([
  ['the cursor position', query('\\e[6n', 'R', '\\e[2J\\e[5;7H'), String.raw`$'\E[5;7'`],
  ['the status of its terminal', query('\\e[5n', 'n'), String.raw`$'\E[0'`],
  ['the kind of its terminal', query('\\e[c', 'c'), String.raw`$'\E[?1;2'`],
  ['the version of its terminal', query('\\e[>c', 'c'), String.raw`$'\E[>0;276;0'`],
  ['the background colour', query('\\e]11;?\\a', '/'), String.raw`$'\E]11;rgb:0000'`],
])('a program that queries %s gets a reply', async (_, command, answer) => {
  const {run} = await temporaryShell()
  const {output, outcome} = await run(command)
  expect(output.endsWith(answer)).toBe(true)
  expect(outcome).toMatchObject({exitCode: 0})
  expect((await run('echo next')).output).toBe('next\r\n')
})

test('a reply takes the size and much earlier output into account', async () => {
  const {run, shell} = await temporaryShell()
  await run(query('\\e[6n', 'R'))
  shell.resize({cols: 200, rows: 50})
  await run('seq 20000')
  expect((await run(query('\\e[6n', 'R', '\\e[999;999H'))).output).toContain(String.raw`$'\E[50;200'`)
})
