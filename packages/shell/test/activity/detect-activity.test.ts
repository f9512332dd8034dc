import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import type {Activity} from '../../src/index.ts'
import {detectActivity} from '../../src/activity/detect-activity.ts'
import {isInNestedShell, nameOf} from '../../src/activity/nested-shell.ts'
import {parseSettings} from '../../src/activity/parse-settings.ts'
import {trackProgramModes} from '../../src/activity/program-modes.ts'
import {terminalOf} from '../../src/activity/terminal-wait.ts'
import {readProcessStat} from '../../src/process-stat.ts'
import {temporaryShell, type TemporaryShell} from '../fixtures/temporary-shell.ts'

/** Runs a command until it has this activity; returns its activities until then. */
async function activitiesOf({shell, run}: TemporaryShell, command: string, until: Activity): Promise<Activity[]> {
  const seen: Activity[] = []
  const found = Promise.withResolvers<void>()
  let isFound = false
  shell.onActivity((activity) => {
    // What follows depends on how soon the command gets the keys below.
    if (isFound) return
    seen.push(activity)
    isFound = JSON.stringify(activity) === JSON.stringify(until)
    if (isFound) found.resolve()
  })
  const running = run(command)
  await found.promise
  shell.interrupt()
  shell.input('\x04q\n')
  await running
  return seen
}

const WAITING = 'waiting-for-input'

test.each([
  ['a program that reads a line', 'cat', {state: WAITING, input: 'line', mayBeSecret: false}],
  [
    'a program behind others of its group',
    'true | cat - /dev/tty',
    {state: WAITING, input: 'line', mayBeSecret: false},
  ],
  ['the shell itself', 'read x', {state: WAITING, input: 'line', mayBeSecret: false}],
  ['a question for a secret', 'read -s x', {state: WAITING, input: 'hidden', mayBeSecret: true}],
  ['a program without echo', 'stty -echo; cat; stty echo', {state: WAITING, input: 'hidden', mayBeSecret: true}],
  [
    'a password',
    "python3 -c 'import getpass; getpass.getpass()'; true",
    {state: WAITING, input: 'hidden', mayBeSecret: true},
  ],
  ['a pager', 'seq 200 | less', {state: WAITING, input: 'terminal', mayBeSecret: false}],
  ['a program that sleeps', 'sleep 60', {state: 'quiet', input: 'none', mayBeSecret: false}],
  ['a program that waits for another', 'sleep 60 | wc', {state: 'quiet', input: 'none', mayBeSecret: false}],
  ['a program that works', 'while :; do :; done', {state: 'quiet', input: 'none', mayBeSecret: false}],
] as const)('%s', async (_, command, activity) => {
  for (const name of ['less', 'python3'] as const) if (command.includes(name)) need(name)
  const shell = await temporaryShell('')
  const seen = await activitiesOf(shell, command, activity)
  expect(seen.filter(({state}) => state === WAITING)).toEqual(activity.state === WAITING ? [activity] : [])
})

test.each(['bash', 'zsh', 'fish'] as const)(
  '%s at its own prompt reads nothing of a command, although the marker that ends it arrives late',
  async (name) => {
    const {shell, run} = await temporaryShell('', {name})
    await run('true')
    await expect.poll(() => readProcessStat(shell.pid)?.isSleeping).toBe(true)
    let running: object | undefined = {}
    setTimeout(() => (running = undefined), 30)
    const {image} = readProcessStat(shell.pid)!
    const activity = await detectActivity({
      shell: {pid: shell.pid, image},
      modes: trackProgramModes(),
      running: () => running,
      isThorough: true,
    })
    expect(activity).toEqual({state: 'quiet', input: 'none', mayBeSecret: false})
  },
)

test('what one command reads is not said of the next', async () => {
  const {shell, run} = await temporaryShell('')
  await run('true')
  const {image} = readProcessStat(shell.pid)!
  const read = run('read x')
  const detect = (running: () => object | undefined) =>
    detectActivity({shell: {pid: shell.pid, image}, modes: trackProgramModes(), running, isThorough: true})
  const command = {}
  await expect.poll(async () => (await detect(() => command)).input).toBe('line')

  expect(await detect(() => ({}))).toEqual({state: 'quiet', input: 'none', mayBeSecret: false})
  shell.input('\n')
  await read
})

test('a part of a command that ends is no shell of its own', async () => {
  const {shell, run} = await temporaryShell('')
  await run('true')
  const {image} = readProcessStat(shell.pid)!
  const terminal = terminalOf(shell.pid)!
  let isRunning = true
  const ran = run('for i in {1..300}; do pwd | cat >/dev/null; done').finally(() => (isRunning = false))
  const found: string[] = []
  while (isRunning) {
    for (let looks = 0; looks < 200; looks++) {
      const group = readProcessStat(shell.pid)!.foregroundGroup
      if (isInNestedShell(group, {pid: shell.pid, image}, terminal)) found.push(nameOf(group) ?? 'gone')
    }
    await new Promise(setImmediate)
  }
  await ran
  expect(found).toEqual([])
})

test('input makes it run again, and the next question is reported', async () => {
  const {shell, run} = await temporaryShell('')
  const seen: string[] = []
  const command = `read name; read -s secret; echo "$name has $secret"`
  shell.onActivity(({state, input}) => {
    seen.push(`${state} ${input}`)
    if (state === WAITING) shell.input(input === 'line' ? 'Ada\n' : 'a secret\n')
  })
  expect((await run(command)).output).toBe('Ada\r\nAda has a secret\r\n')
  expect(seen.slice(0, 2)).toEqual([`${WAITING} line`, 'running line'])
  // On a busy machine, the echo is seen to be off before the program reads.
  expect(seen.slice(2)).toContain(`${WAITING} hidden`)
})

test('a REPL waits for input', async () => {
  need('python3')
  const {shell, run} = await temporaryShell('')
  shell.onActivity(({state}) => {
    if (state === WAITING) shell.input('exit(5)\n')
  })
  expect((await run('python3 -q')).outcome).toMatchObject({kind: 'completed', exitCode: 5})
})

test('the output of stty is parsed', () => {
  const output = 'speed 38400 baud;\r\nlnext = ^V; min = 1;\r\nisig -icanon iexten\r\n-echo echoe echok;\r\n'
  expect(parseSettings(output)).toEqual({
    echo: false,
    isByLine: false,
    quotesNext: true,
    translatesEnter: true,
    translatesOutput: true,
  })
  expect(parseSettings(output.replace('^V', '<undef>'))).toMatchObject({quotesNext: false})
  expect(parseSettings(output.replace('iexten', '-iexten'))).toMatchObject({quotesNext: false})
  expect(parseSettings(`${output} -icrnl opost onlcr`)).toMatchObject({translatesEnter: false, translatesOutput: true})
  expect(parseSettings(`${output} -opost onlcr`)).toMatchObject({translatesOutput: false})
  expect(parseSettings(`${output} opost -onlcr`)).toMatchObject({translatesOutput: false})
  expect(parseSettings('stty: no such device')).toBeUndefined()
})

test('a password that another thread of the program asks for', async () => {
  need('python3')
  const shell = await temporaryShell('')
  const command = `python3 -c 'import getpass, threading; threading.Thread(target=getpass.getpass).start()'`
  expect(await activitiesOf(shell, command, {state: WAITING, input: 'hidden', mayBeSecret: true})).toContainEqual({
    state: WAITING,
    input: 'hidden',
    mayBeSecret: true,
  })
})
