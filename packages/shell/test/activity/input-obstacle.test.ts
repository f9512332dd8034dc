import {writeFileSync} from 'node:fs'

import {expect, onTestFinished, test, vi} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {judgeHiddenReader, judgeKeyReader} from '../../src/activity/input-obstacle.ts'
import type {InputCondition, InputObstacle, Shell} from '../../src/index.ts'
import {temporaryFolder, temporaryShell} from '../fixtures/temporary-shell.ts'

const settings = {echo: false, isByLine: true, quotesNext: true, translatesEnter: true, translatesOutput: true}
const asking = {reason: 'reads-terminal', settings, hasSlept: true} as const

test.each([
  [asking, undefined],
  [{...asking, reason: 'not-visible'}, undefined],
  [{...asking, reason: 'otherwise'}, 'not-reading'],
  [{...asking, hasSlept: false}, 'not-reading'],
  [{...asking, settings: {...settings, echo: true}}, 'echo'],
  [{...asking, settings: {...settings, isByLine: false}}, 'by-key'],
  [{...asking, settings: undefined}, 'unknown'],
] as const)('of %j, %s is in the way of hidden input', (facts, obstacle) => {
  expect(judgeHiddenReader(facts)).toBe(obstacle)
})

const key = {...asking, settings: {...settings, isByLine: false, echo: true}} as const

test.each([
  [key, undefined],
  [{...key, reason: 'otherwise'}, 'not-reading'],
  [{...key, hasSlept: false}, 'not-reading'],
  [{...key, settings: {...settings, echo: true}}, 'by-line'],
  [{...key, settings: {...settings, echo: false}}, 'by-line'],
  [{...key, settings: {...settings, isByLine: false}}, 'by-key'],
  [{...key, settings: undefined}, 'unknown'],
] as const)('of %j, %s is in the way of a key', (facts, obstacle) => {
  expect(judgeKeyReader(facts)).toBe(obstacle)
})

/** Tries again until `isEnough`; returns what was in the way, in order, each once. `undefined`: it was typed. */
async function tryUntil(
  isEnough: (obstacle: InputObstacle | undefined) => boolean,
  [shell, condition, text]: readonly [Shell, InputCondition, string],
): Promise<readonly (InputObstacle | undefined)[]> {
  const seen = new Set<InputObstacle | undefined>()
  for (;;) {
    const obstacle = await shell.inputWhen(condition, text)
    seen.add(obstacle)
    if (isEnough(obstacle)) return [...seen]
    // The terminal has to be read in between.
    await new Promise(setImmediate)
  }
}

const isTyped = (obstacle: InputObstacle | undefined) => obstacle === undefined
const is = (expected: InputObstacle) => (obstacle: InputObstacle | undefined) =>
  obstacle === expected || isTyped(obstacle)

test.each(['bash', 'zsh'] as const)('%s: a secret is typed when read -s asks for it, not before', async (name) => {
  const {shell, run, home} = await temporaryShell('', {name})
  const running = run('until [ -e go ]; do sleep 0.01; done; read -s secret; echo "${#secret} letters"')
  expect(await tryUntil(is('not-reading'), [shell, 'hidden', 'hunter22\n'])).not.toContain(undefined)
  writeFileSync(`${home}/go`, '')
  await tryUntil(isTyped, [shell, 'hidden', 'hunter22\n'])
  expect((await running).output).toBe('8 letters\r\n')
})

test('a secret is not typed for a reader that turns the echo on while the shell is looked at', async () => {
  const bin = await temporaryFolder()
  // The settings are looked at twice.
  const stty = `#!/bin/sh
    settings=$(/bin/stty "$@"); echo "$settings"
    case $settings in *' icanon'*' -echo '*) ;; *) exit ;; esac
    [ -e ${bin}/found ] || exec touch ${bin}/found
    kill -USR1 $(cat ${bin}/pid)
    until [ -e ${bin}/shown ]; do sleep 0.01; done`
  writeFileSync(`${bin}/stty`, stty, {mode: 0o755})
  const {shell, run} = await temporaryShell('')
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`)
  onTestFinished(() => void vi.unstubAllEnvs())
  const running = run(
    `trap '/bin/stty echo; touch ${bin}/shown' USR1; echo $$ >${bin}/pid; read -s secret; echo "\${#secret} letters"`,
  )
  expect(await tryUntil(is('echo'), [shell, 'hidden', 'hunter22\n'])).not.toContain(undefined)
  shell.input('\n')
  expect((await running).output).toContain('0 letters')
})

test('a secret waits while the program shows what it reads', async () => {
  const {shell, run} = await temporaryShell('')
  const running = run('read -p "name? " name; read -s secret; echo "$name has $secret"')
  expect(await tryUntil(is('echo'), [shell, 'hidden', 'a secret\n'])).toContain('echo')
  await tryUntil(isTyped, [shell, 'reads', 'Ada\n'])
  await tryUntil(isTyped, [shell, 'hidden', 'a secret\n'])
  expect((await running).output).toBe('name? Ada\r\nAda has a secret\r\n')
})

test('a secret is not typed into a line editor', async () => {
  const {shell, run} = await temporaryShell('')
  const running = run('read -e line')
  expect(await tryUntil(is('by-key'), [shell, 'hidden', 'hunter22\n'])).toContain('by-key')
  await tryUntil(isTyped, [shell, 'reads', 'a line\n'])
  expect((await running).output).not.toContain('hunter22')
})

test.each([
  ['bash', 'read -n1 a; read -n1 b; read c; echo "<$a $b $c>"'],
  ['zsh', 'read -k1 a; read -k1 b; read c; echo "<$a $b $c>"'],
  ['fish', `bash -c 'read -n1 a; read -n1 b; read c; echo "<$a $b $c>"'`],
  ['dash', 'stty -icanon; a=$(head -c1); b=$(head -c1); stty icanon; read c; echo "<$a $b $c>"'],
] as const)('%s: each key is typed when a program reads one, and none when it reads a line', async (name, command) => {
  need(name)
  const {shell, run} = await temporaryShell('', {name})
  const running = run(command)
  await tryUntil(isTyped, [shell, 'key', 'x'])
  await tryUntil(isTyped, [shell, 'key', 'y'])
  expect(await tryUntil(is('by-line'), [shell, 'key', 'z'])).toContain('by-line')
  await tryUntil(isTyped, [shell, 'reads', 'a line\n'])
  expect((await running).output).toContain('<x y a line>')
})

test('nothing is typed where nothing runs, or where the program does not read', async () => {
  const {shell, run} = await temporaryShell('')
  expect(await shell.inputWhen('reads', 'x\n')).toBe('not-running')
  const running = run('sleep 60')
  expect(await tryUntil(is('not-reading'), [shell, 'reads', 'x\n'])).not.toContain(undefined)
  shell.interrupt()
  await running
})

test('a REPL reads key by key', async () => {
  need('python3')
  const {shell, run} = await temporaryShell('')
  const running = run('python3 -q')
  await tryUntil(isTyped, [shell, 'reads', 'exit(6)\n'])
  expect((await running).outcome).toMatchObject({exitCode: 6})
})

test.each([
  ['bash', 'read a; read b; echo "<$a $b>"'],
  ['zsh', 'read a; read b; echo "<$a $b>"'],
  ['fish', 'read a; read b; echo "<$a $b>"'],
  ['dash', 'read a; read b; echo "<$a $b>"'],
] as const)('%s: each line is typed when a command reads it, and none for the shell itself', async (name, command) => {
  const {shell, run} = await temporaryShell('', {name})
  for (let round = 0; round < 10; round++) {
    let isOver = false
    const running = run(command).finally(() => (isOver = true))
    const typeNext = async (text: string) => {
      for (;;) {
        const obstacle = await shell.inputWhen('reads', text)
        if (isOver || obstacle === undefined) return isOver
        await new Promise(setImmediate)
      }
    }
    expect(await typeNext('one\n')).toBe(false)
    expect(await typeNext('two\n')).toBe(false)
    // As long as the shell has not said that the command has ended, it may discard what it finds unread.
    expect(await typeNext('echo three\n')).toBe(true)
    expect((await running).output).toContain('<one two>\r\n')
    expect((await running).output).not.toContain('three')
  }
})
