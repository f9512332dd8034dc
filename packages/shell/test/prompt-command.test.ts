import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {expect, test} from 'vitest'

import {temporaryShell} from './fixtures/temporary-shell.ts'

/** Prints into the file what a command in PROMPT_COMMAND sees of the command before. */
const note = `'echo "$? $_" >>seen'`

test.each([
  ['', `PROMPT_COMMAND=${note}`],
  ['', `export PROMPT_COMMAND=${note}`],
  ["PROMPT_COMMAND='old'", `PROMPT_COMMAND=${note}`],
  ["PROMPT_COMMAND=('old' ':')", `PROMPT_COMMAND=${note}`],
  ['', `unset "PROMPT_COMMAND[0]"; PROMPT_COMMAND+=(${note})`],
  ['', `PROMPT_COMMAND+=$'\\n'${note}`],
  ['', `PROMPT_COMMAND=${note}"; $PROMPT_COMMAND"`],
  ['', `PROMPT_COMMAND=(${note} "\${PROMPT_COMMAND[@]}")`],
  ['', `PROMPT_COMMAND=(${note} "$PROMPT_COMMAND")`],
  ['', `mine=$PROMPT_COMMAND; precmd() { echo "$? last" >>seen; eval "$mine"; }; PROMPT_COMMAND=precmd`],
  ['set -u', `PROMPT_COMMAND=${note}`],
  ['set -a', `PROMPT_COMMAND=${note}`],
  ['set -o posix', `PROMPT_COMMAND=${note}`],
  ['IFS=0123456789', `PROMPT_COMMAND=${note}`],
  ['', `PS0= PROMPT_COMMAND=${note}`],
  ['', `readonly PROMPT_COMMAND=${note}`],
] as const)(
  'bash that starts with %j, and then runs %j, reports the status of each command',
  async (startFile, command) => {
    const {run, home} = await temporaryShell(`old() { touch old; }; ${startFile}`)
    expect(await run(command)).toMatchObject({output: '', outcome: {kind: 'completed', exitCode: 0}})
    for (const [next, exitCode] of [
      ['false last', 1],
      ['true last', 0],
    ] as const) {
      expect(await run(next)).toMatchObject({output: '', outcome: {kind: 'completed', exitCode}})
      const notes = readFileSync(join(home, 'seen'), 'utf8').trim().split('\n')
      expect(notes.at(-1)).toBe(`${exitCode} last`)
    }
    expect((await run('env | grep -E "PROMPT_COMMAND|holdfast_"')).output).toBe('')
    expect((await run('(exit 7)')).outcome).toMatchObject({kind: 'completed', exitCode: 7})
  },
)

test('bash reports the status of a command that sources a start file which assigns PROMPT_COMMAND, again and again', async () => {
  const {run, home} = await temporaryShell()
  writeFileSync(join(home, '.bashrc'), "PS1='new> '; PROMPT_COMMAND='history -a'\n")
  for (let count = 0; count < 3; count++)
    expect(await run('. ~/.bashrc; false')).toMatchObject({output: '', outcome: {kind: 'completed', exitCode: 1}})
  expect((await run('cat ~/.bash_history')).output).toBe('. ~/.bashrc; false\r\n'.repeat(3))
})

test('behind the commands in PROMPT_COMMAND, the first that the DEBUG trap sees is the next one', async () => {
  const {run} = await temporaryShell(`trap 'first=\${first-$BASH_COMMAND}' DEBUG; PROMPT_COMMAND='unset first'`)
  expect((await run('echo "$first"')).output).toBe('echo "$first"\r\n')
  await run("PROMPT_COMMAND='unset first'")
  await run('true')
  expect((await run('echo "$first"')).output).toBe('echo "$first"\r\n')
})

test('what an assigned PROMPT_COMMAND prints is in the output of that command alone', async () => {
  const {run} = await temporaryShell()
  expect((await run("PROMPT_COMMAND='echo noise'")).output).toBe('noise\r\n')
  expect((await run('echo hi')).output).toBe('hi\r\n')
})
