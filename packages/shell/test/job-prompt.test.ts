import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import {expect, test} from 'vitest'

import {temporaryShell} from './fixtures/temporary-shell.ts'

const RUNS = 60
/** Prints a token every 5 ms. */
const JOB = `
const {existsSync, writeSync} = require('node:fs')
let at = 0
const print = () => {
  writeSync(1, 'abc'.slice(0, at % 3) + '<' + at + '>' + (at % 5 === 4 ? '\\n' : ''))
  at += 1
  if (!existsSync('stop')) setTimeout(print, 5)
  else setInterval(() => {}, 60_000)
}
print()
`
const LOOP = 'for x in 1 2; do\n[ $x = 1 ]\ndone'

test.each([
  ['bash', 'escapes', String.raw`PS1='\[\e[32m\]\u\[\e[0m\] [$?] \# \!\n\[\e[1m\]\$\[\e[0m\] ' PS2='more> '`],
  ['bash', 'arithmetic', "PS1='[$((10 + $?)); 50%] \\w\\$ '"],
  ['zsh', 'escapes', `PS1=$'%F{green}%n%f [%?] %j; 50%%\\n%B%#%b ' PS2='%F{red}%_%f> '`],
  ['zsh', 'arithmetic, also on the right', `setopt prompt_subst; PS1='[%?] $((10 + $?)) %# ' RPROMPT='%B%?%b; %h'`],
  ['zsh', 'precmd', 'precmd() { PS1="[$?] $((n += 1)) %# " }'],
] as const)('beside a job, %s leaves nothing of a prompt that changes by %s', async (name, _, startFile) => {
  const {run, shell, home} = await temporaryShell(startFile, {name})
  writeFileSync(join(home, 'job.cjs'), JOB)
  let all = ''
  const onOutput = (data: Uint8Array) => (all += Buffer.from(data).toString())
  shell.onBackgroundOutput(onOutput)
  await run(`'${process.execPath}' job.cjs &`, {onOutput})
  await expect.poll(() => all).toContain('<1>')
  for (let count = 0; count < RUNS; count++) {
    await run([LOOP, 'true', 'false'][count % 3]!, {onOutput})
    if (count % 2 === 0) await delay(count % 30)
  }
  writeFileSync(join(home, 'stop'), '')
  await run('true', {onOutput})
  const printed = all.slice(all.indexOf('<0>'))
  expect(printed.replaceAll(/[abc]{0,2}<\d+>|\s/g, '')).toBe('')
  const tokens = [...printed.matchAll(/[abc]{0,2}<(\d+)>/g)].map(([token]) => token)
  expect(tokens.length).toBeGreaterThan(RUNS)
  expect(tokens).toEqual(tokens.map((_each, at) => `${'abc'.slice(0, at % 3)}<${at}>`))
})

test.each([
  ['bash', `PS1='$(echo drawn >>drawn)$ '`],
  ['zsh', `setopt prompt_subst; PS1='$(echo drawn >>drawn)$ '`],
] as const)('%s expands its prompt once, and twice only while a job exists', async (name, startFile) => {
  const {run, home} = await temporaryShell(startFile, {name})
  const drawn = () => readFileSync(join(home, 'drawn'), 'utf8').split('\n').length - 1
  const drawnBy = async (command: string) => {
    await run('true')
    const before = drawn()
    await run(command)
    await run('true')
    return drawn() - before
  }
  expect(await drawnBy('true')).toBe(2)
  expect(await drawnBy('sleep 60 &')).toBe(4)
  expect(await drawnBy('kill %1; wait')).toBe(2)
})

test.each([
  ['bash', 'set -e; trap "touch trapped" ERR DEBUG', "set -e; PS1='$(false)$((n += 1))$ '"],
  ['bash', 'readonly PS1', "readonly PS1='$((n += 1))$ '"],
  ['bash', 'set -u', "set -u; PS1='$((n += 1))$(echo $unknown)$ '"],
  ['zsh', 'a trap', `trap 'echo trapped >>trapped' ZERR; PS1='$((n += 1))$ '; setopt prompt_subst`],
  ['zsh', 'set -e', "setopt prompt_subst; set -e; PS1='$(false)$((n += 1))$ '"],
  ['zsh', 'readonly PS1', "setopt prompt_subst; PS1='$((n += 1))$ '; readonly PS1"],
  ['zsh', 'ksh_arrays', "setopt prompt_subst ksh_arrays sh_word_split; PS1='$((n += 1))$ '"],
] as const)('beside a job, the prompt of %s with %s changes nothing of the shell', async (name, _, startFile) => {
  const {run, home} = await temporaryShell(`n=0; ${startFile}`, {name})
  const {output: before} = await run('echo $((n)); typeset -p PS1')
  await run('sleep 60 &')
  for (let count = 0; count < 3; count++) await run(`test ${count} -ge 0 || exit`)
  const {output, outcome} = await run('echo $((n)); typeset -p PS1')
  expect(outcome).toMatchObject({kind: 'completed', exitCode: 0})
  const [n, ...rest] = output.split('\n')
  const [first, ...same] = before.split('\n')
  expect(rest).toEqual(same)
  expect(Number(n)).toBe(Number(first) + 5)
  expect(existsSync(join(home, 'trapped'))).toBe(false)
})
