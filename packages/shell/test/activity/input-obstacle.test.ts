import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {judgeHiddenReader} from '../../src/activity/input-obstacle.ts'
import type {InputCondition, InputObstacle, Shell} from '../../src/index.ts'
import {temporaryShell} from '../fixtures/temporary-shell.ts'

const settings = {echo: false, isByLine: true, quotesNext: true}
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
  const {shell, run} = await temporaryShell('', {name})
  const running = run('sleep 0.1; read -s secret; echo "${#secret} letters"')
  expect(await tryUntil(isTyped, [shell, 'hidden', 'hunter22\n'])).toContain('not-reading')
  expect((await running).output).toBe('8 letters\r\n')
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
