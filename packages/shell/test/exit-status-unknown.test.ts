import {existsSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {expect, onTestFinished, test, vi} from 'vitest'

import {isWaiting, readProcessStat} from '../src/process-stat.ts'
import {temporaryShell, type ShellName} from './fixtures/temporary-shell.ts'
import {whenPrinted} from './fixtures/when-printed.ts'

test.each([
  ['bash', 'unset PROMPT_COMMAND'],
  ['bash', 'PROMPT_COMMAND="echo mine"'],
  ['bash', 'PS0=; PROMPT_COMMAND='],
  ['zsh', 'precmd_functions=()'],
  ['zsh', 'unset precmd_functions preexec_functions'],
  ['dash', "PS1='mine> '"],
  ['dash', 'PS1='],
  ['dash', 'unset PS1 PS2'],
  ['dash', "eval 'PS'1=mine"],
  ['fish', 'functions -e __holdfast_postexec __holdfast_prompt'],
  ['bash', 'set +o emacs; unset PROMPT_COMMAND'],
  ['bash', 'exec 2>&-'],
] as const)(
  'after %s runs %s, its exit status is unknown, and the next commands report theirs again',
  async (name, command) => {
    const {run} = await temporaryShell('', {name})
    expect((await run(command)).outcome).toEqual({kind: 'exit-status-unknown'})
    await run('true')
    const [status, echo] = name === 'fish' ? ['sh -c "exit 7"', 'echo $status'] : ['(exit 7)', 'echo $?']
    expect(await run(status)).toMatchObject({output: '', outcome: {kind: 'completed', exitCode: 7}})
    expect((await run(echo)).output).toBe('7\r\n')
  },
)

test.each([
  ['bash', 'enable -n printf'],
  ['bash', 'builtin() { echo seen; echo seen >&2; }'],
  ['bash', 'enable -n builtin'],
  ['bash', 'unset -f __holdfast_prompt __holdfast_probe'],
  ['bash', '__holdfast_prompt() { :; }'],
  ['bash', 'unset -f __holdfast_prompt; readonly PS0='],
  ['bash', 'readonly PROMPT_COMMAND='],
  ['zsh', 'disable print'],
  ['zsh', 'disable builtin'],
  ['zsh', 'builtin() { echo seen; echo seen >&2 }'],
  ['zsh', '__holdfast_precmd() { : }'],
  ['zsh', 'precmd_functions=(); readonly precmd_functions'],
  ['dash', 'unset -f __holdfast_end'],
  ['dash', 'PS1="prompt> "; readonly PS1'],
  ['fish', 'function __holdfast_end; end; function __holdfast_probe; end'],
] as const)('after %s runs %s, which breaks the hooks for good, no command reports a status', async (name, command) => {
  const {run} = await temporaryShell(name === 'fish' ? 'function fish_prompt; end' : "PS1='prompt> '", {name})
  for (const each of [command, 'false', 'echo out']) {
    const {output, outcome} = await run(each)
    expect(outcome).toEqual({kind: 'exit-status-unknown'})
    expect(withoutDrawing(output)).toBe(each === 'echo out' ? 'out' : '')
  }
})

/** What is left of the output without what the shell draws: its prompt may follow output whose end it does not report. */
function withoutDrawing(output: string): string {
  // oxlint-disable-next-line no-control-regex -- the sequences of a terminal
  const drawing = /\x1b\[[\d;?]*[a-zA-Z]|\x1b[=>]|\x1b\(B|\x1b\]0;[^\x07]*\x07|prompt> |#? {8,}|⏎|[\r\n]/g
  return output.replaceAll(drawing, '').trim()
}

test.each([
  ['bash', 'touch ran; false', 'bind -m emacs -r "\\e[7137~"; unset PROMPT_COMMAND; unset -f __holdfast_prepare'],
  ['fish', 'touch ran; false', 'function __holdfast_take; end'],
  ['zsh', 'touch ran; false', 'zle-line-pre-redraw() { BUFFER= }; zle -N zle-line-pre-redraw'],
] as const)('%s that does not run %j, because of %s, reports no status', async (name, command, setting) => {
  const {run, home} = await temporaryShell('', {name})
  await run(setting)
  expect((await run(command)).outcome).toEqual({kind: 'exit-status-unknown'})
  expect(existsSync(join(home, 'ran'))).toBe(false)
  if (name === 'zsh') expect((await run('# nothing')).outcome).toMatchObject({kind: 'completed', exitCode: 0})
})

test.each([
  ['bash', 'enable -n printf'],
  ['zsh', 'disable print'],
  ['zsh', 'readonly precmd_functions'],
  ['dash', 'readonly PS1'],
] as const)('%s whose start file breaks the hooks by %s gets the sentinel', async (name, startFile) => {
  const {run, shell} = await temporaryShell(startFile, {name})
  expect(shell.strategy).toBe('sentinel')
  expect(await run('echo hi; (exit 7)')).toMatchObject({
    output: expect.stringContaining('hi\r\n') as string,
    outcome: {exitCode: 7},
  })
})

test('a line editor that a command opens in the shell itself is no sign of lost hooks', async () => {
  const {run, shell} = await temporaryShell()
  const running = run(
    'read -e -p "name? " x; echo "[$x]"',
    whenPrinted('name? ', () => setTimeout(() => shell.input('Ada\r'), 1500)),
  )
  const {output, outcome} = await running
  expect(output).toContain('[Ada]\r\n')
  expect(outcome).toMatchObject({kind: 'completed', exitCode: 0})
})

/** Commands in which the shell itself waits, for longer than a check takes. */
const WAITS: readonly [ShellName, string][] = [
  ['bash', 'x=$(sleep 1.5)'],
  ['bash', 'sleep 1.5 & wait'],
  ['bash', 'read -t 1.5 x; true'],
  ['bash', 'read -t 1.5 -sn1 x; true'],
  ['bash', 'read -e -t 1.5 x; true'],
  ['zsh', 'x=$(sleep 1.5)'],
  ['zsh', 'sleep 1.5 & wait'],
  ['zsh', 'zmodload zsh/zselect; zselect -t 150; true'],
  ['zsh', 'read -t 1.5 x; true'],
  ['zsh', 'read -t 1.5 -sk x; true'],
  ['dash', 'x=$(sleep 1.5)'],
  ['dash', 'sleep 1.5 & wait'],
  ['fish', 'set x (sleep 1.5)'],
  ['fish', 'sleep 1.5 & wait'],
]

test.each(WAITS)('%s that waits in %s is not at its prompt', async (name, command) => {
  const {run} = await temporaryShell('', {name})
  expect((await run(command)).outcome).toMatchObject({kind: 'completed', exitCode: 0})
})

test.each([
  'read x',
  'read -sk x',
  'read -q',
  'vared -c x',
  'unsetopt zle; read x',
  'unsetopt zle; read -sk x',
  'unsetopt zle; select x in y z; do break; done',
  'unsetopt zle; zmodload zsh/system; sysread x',
  'read -k1 -u0 x',
  'zmodload zsh/system; sysread -s 1 x',
])('zsh that reads for %s is not at its prompt', async (command) => {
  const {run, shell} = await temporaryShell('', {name: 'zsh'})
  const {outcome} = await run(command, {onStart: () => void setTimeout(() => shell.input('y\r'), 1500)})
  expect(outcome).toMatchObject({kind: 'completed', exitCode: 0})
})

test('a shell whose terminal is not read is not at its prompt', async () => {
  const {run, shell, home} = await temporaryShell('', {name: 'dash'})
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']})
  onTestFinished(() => void vi.useRealTimers())
  /** Lets 50 ms pass for the timers of the shell, and lets it read what programs have done. */
  const passTime = async () => {
    await vi.advanceTimersByTimeAsync(50)
    await new Promise(setImmediate)
  }
  const passTimeUntil = async (holds: () => boolean) => {
    while (!holds()) await passTime()
  }
  let isOver = false
  const paused = Promise.withResolvers<void>()
  const onStart = () => {
    shell.pause()
    paused.resolve()
  }
  const command = 'until [ -e paused ]; do sleep 0.01; done; : >done; (exit 7)'
  const running = run(command, {onStart}).finally(() => (isOver = true))
  // Until then no time passes: the shell needs real time to take the command.
  await paused.promise
  // The end of an earlier command could have been read with its start.
  writeFileSync(join(home, 'paused'), '')
  // The shell reads its next command.
  await passTimeUntil(() => existsSync(join(home, 'done')) && isWaiting(readProcessStat(shell.pid)))
  const until = performance.now() + 10_000
  await passTimeUntil(() => performance.now() > until)
  expect(isOver).toBe(false)
  shell.resume()
  await passTimeUntil(() => isOver)
  expect((await running).outcome).toMatchObject({kind: 'completed', exitCode: 7})
})
