import {expect, test} from 'vitest'

import {temporaryShell} from './fixtures/temporary-shell.ts'

test('text that the user’s functions and traps print around a prompt is no output', async () => {
  const {run} = await temporaryShell('precmd() { print -n "title $?" }; preexec() { print -n title }', {name: 'zsh'})
  expect(await run('printf abc')).toMatchObject({output: 'abc', outcome: {exitCode: 0}})
  await run("trap 'echo debug' DEBUG")
  expect((await run('echo hi')).output).toBe('debug\r\nhi\r\n')
  expect(await run('false')).toMatchObject({output: 'debug\r\n', outcome: {exitCode: 1}})
})

test.each(["PROMPT_EOL_MARK=''", 'unsetopt prompt_sp prompt_cr', 'setopt allexport prompt_subst prompt_bang'])(
  'after %s in the start file, a command works',
  async (startFile) => {
    const {run} = await temporaryShell(startFile, {name: 'zsh'})
    expect(await run('printf abc')).toMatchObject({output: 'abc', outcome: {exitCode: 0}})
    expect((await run('false')).outcome).toMatchObject({exitCode: 1})
    expect((await run('env')).output).not.toMatch(/7133|EOL_MARK/)
  },
)

test('the marker in a variable of zsh is text when it is printed', async () => {
  const {run} = await temporaryShell('', {name: 'zsh'})
  const {output, outcome} = await run('print -rn -- $PROMPT_EOL_MARK; echo; echo after; false')
  expect(output).toMatch(/7133;[^]*after\r\n$/)
  expect(outcome).toMatchObject({exitCode: 1})
  await run('unset PROMPT_EOL_MARK; unsetopt prompt_sp')
  expect(await run('printf abc')).toMatchObject({output: 'abc', outcome: {exitCode: 0}})
})
