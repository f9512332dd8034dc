import {expect, test} from 'vitest'

import {temporaryShell} from './fixtures/temporary-shell.ts'

test.each([
  ['bash', 'unset PROMPT_COMMAND'],
  ['bash', 'PROMPT_COMMAND="echo mine"'],
  ['zsh', 'precmd_functions=()'],
  ['dash', "PS1='mine> '"],
] as const)(
  'after %s runs %s, its exit status is unknown, and the next commands report theirs again',
  async (name, command) => {
    const {run} = await temporaryShell('', {name})
    expect((await run(command)).outcome).toEqual({kind: 'exit-status-unknown'})
    await run('true')
    expect(await run('(exit 7)')).toMatchObject({output: '', outcome: {kind: 'completed', exitCode: 7}})
    expect((await run('echo $?')).output).toBe('7\r\n')
  },
)

test('a line editor that a command opens in the shell itself is no sign of lost hooks', async () => {
  const {run, shell} = await temporaryShell()
  const running = run('read -e -p "name? " x; echo "[$x]"', {
    onOutput(data) {
      if (Buffer.from(data).includes('name? ')) setTimeout(() => shell.input('Ada\r'), 600)
    },
  })
  const {output, outcome} = await running
  expect(output).toContain('[Ada]\r\n')
  expect(outcome).toMatchObject({kind: 'completed', exitCode: 0})
})

test('Ctrl-C ends the run of a shell that reports no end', async () => {
  const {run, shell} = await temporaryShell('', {name: 'dash'})
  const running = run("eval 'PS'1=mine")
  await expect.poll(() => (shell.interrupt(), undefined), {timeout: 1}).toBe(undefined)
  setTimeout(shell.interrupt, 300)
  expect((await running).outcome).toEqual({kind: 'exit-status-unknown'})
})
