import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs'

import {homePaths} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {cli, createHome, type Home} from '../support/home.ts'
import {findProcess, isAlive, waitForExit, type Process} from '../support/processes.ts'
import {until} from '../support/until.ts'

/** A program that writes its pid, then runs until it gets a signal that it does not ignore. */
function writeProgram(home: Home, ignored: string): void {
  const lines = [`trap '' ${ignored}`, 'echo $$ > new; mv new pid', 'while :; do sleep 60; done']
  writeFileSync(`${home.project}/program.sh`, lines.join('\n'))
}

/** Runs a command line that starts the program, in a new session. */
async function start(
  home: Home,
  commandLine: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{id: string; program: Process}> {
  const [{stdout}, program] = await Promise.all([
    home.holdfast(['run', '--keep', '--no-wait', '--', commandLine], {env}),
    until(() => existsSync(`${home.project}/pid`) && findPid(home), {what: 'the program to run'}),
  ])
  return {id: stdout.split(' ')[0] ?? '', program}
}

function findPid(home: Home): Process | undefined {
  return findProcess(Number(readFileSync(`${home.project}/pid`, 'utf8')))
}

const foreground = 'sh program.sh'
const background = 'sh program.sh &'

/** 1.8 s. */
const soonIdle = {HOLDFAST_IDLE_HOURS: '0.0005'}

const ends: Readonly<Record<string, (home: Home, id: string, host: Process) => unknown>> = {
  'holdfast close': (home, id) => home.holdfast(['close', id]),
  'SIGTERM to the host': (_home, _id, host) => process.kill(host.pid, 'SIGTERM'),
  'an idle host': () => undefined,
}
const cases = Object.entries(ends).flatMap(([how, end]) =>
  // A host with a program in the foreground is not idle.
  (how === 'an idle host' ? [background] : [foreground, background]).flatMap((commandLine) =>
    ['HUP', 'HUP TERM INT QUIT'].map((ignored) => ({how, end, commandLine, ignored})),
  ),
)

test.for(cases)('$how ends `$commandLine`, which ignores $ignored', async ({how, end, commandLine, ignored}) => {
  await using home = createHome()
  writeProgram(home, ignored)
  // At once: an idle host ends soon.
  const [{id, program}, host] = await Promise.all([
    start(home, commandLine, how === 'an idle host' ? soonIdle : {}),
    home.process('host'),
  ])
  await end(home, id, host)
  await waitForExit(host)
  expect(isAlive(program)).toBe(false)
  expect(readFileSync(homePaths(home.state).crashLog, 'utf8')).not.toContain('shutdown-timeout')
})

test('doctor lists what outlives its shell: a daemon, and a program whose host was killed', async () => {
  await using home = createHome()
  writeProgram(home, 'HUP')
  const {id, program: daemon} = await start(home, 'setsid sh program.sh &')
  await home.holdfast(['close', id])
  expect(isAlive(daemon)).toBe(true)
  const {stdout, exitCode} = await home.holdfast(['doctor'])
  expect(stdout).toContain(`program ${daemon.pid} (sh) of ${id} has outlived its shell`)
  expect(exitCode).toBe(0)
  process.kill(-daemon.pid, 'SIGKILL')
  await waitForExit(daemon)

  rmSync(`${home.project}/pid`)
  const {id: killed, program} = await start(home, foreground)
  expect((await home.holdfast(['doctor'])).stdout).not.toContain('has outlived')
  const host = await home.process('host')
  process.kill(host.pid, 'SIGKILL')
  await waitForExit(host)
  const {environment} = JSON.parse((await home.holdfast(['doctor', '--json'])).stdout) as {
    environment: {survivors: unknown[]}
  }
  expect(environment.survivors).toContainEqual({pid: program.pid, session: killed, program: 'sh'})
  for (const {pid} of home.processes().filter(({role}) => role === 'program')) process.kill(pid, 'SIGKILL')
})

test('a session inside of a session outlives the outer one', async () => {
  await using home = createHome()
  writeProgram(home, 'HUP')
  const {id, program} = await start(home, `node ${cli} run -- sh program.sh`)
  await home.holdfast(['close', id])
  expect(isAlive(program)).toBe(true)
})
