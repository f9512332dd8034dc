import {spawnSync} from 'node:child_process'
import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {expect, onTestFinished, test, vi} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {endPrograms} from '../../src/close/end-programs.ts'
import {createShellPrograms} from '../../src/close/shell-programs.ts'
import {
  envOf,
  SHELLS,
  temporaryFolder,
  temporaryShell,
  type ShellName,
  type TemporaryShell,
} from '../fixtures/temporary-shell.ts'

type Place = 'foreground' | 'background'

/** A command that writes its pid to the file, then runs until it gets a signal that it does not ignore. */
function stubborn(file: string, ignored: string): string {
  const trap = ignored === '' ? '' : `trap "" ${ignored}; `
  return `sh -c '${trap}echo $$ > ${file}.new; mv ${file}.new ${file}; while :; do sleep 60; done'`
}

/** Starts the command, and returns the pid that it writes to the file. */
async function start({shell, home, run}: TemporaryShell, command: string, place: Place, file = 'pid'): Promise<number> {
  if (place === 'background') await run(`${command} &`)
  // It ends with the shell.
  else void shell.run(command).catch(() => undefined)
  return readPid(home, file)
}

/** Waits for a pid in a file, which may be empty first. */
async function readPid(home: string, file = 'pid'): Promise<number> {
  const path = `${home}/${file}`
  await expect.poll(() => existsSync(path) && readFileSync(path, 'utf8')).toMatch(/^\d+\n$/)
  return Number(readFileSync(path, 'utf8'))
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Waits for the ends of programs: `close` does not wait long for one that it had to kill, which ends when it is scheduled. */
async function expectGone(pids: readonly number[]): Promise<void> {
  await expect.poll(() => pids.filter(isAlive)).toEqual([])
}

const places: readonly Place[] = ['foreground', 'background']
const everySignal = 'HUP TERM INT QUIT'
const programs: readonly [name: ShellName, place: Place, ignored: string][] = places.flatMap((place) => [
  ...['', 'HUP', 'TERM', 'INT', 'QUIT'].map((ignored): [ShellName, Place, string] => ['bash', place, ignored]),
  ...SHELLS.map((name): [ShellName, Place, string] => [name, place, everySignal]),
])

test.for(programs)('close ends a program of %s in the %s that ignores: %s', async ([name, place, ignored]) => {
  const opened = await temporaryShell('', {name})
  const pid = await start(opened, stubborn('pid', ignored), place)
  expect(isAlive(pid)).toBe(true)
  await opened.shell.close()
  await expectGone([pid])
  await expect.poll(() => opened.shell.hasPrograms()).toBe(false)
})

const kept: readonly [how: string, command: string][] = [
  ['nohup', `nohup ${stubborn('pid', '')} > /dev/null &`],
  ['disown', `${stubborn('pid', '')} & disown`],
  ['a stopped job', `${stubborn('pid', everySignal)} & until [ -e pid ]; do sleep 0.01; done; kill -STOP $!`],
  ['a job of a job', `sh -c '${stubborn('pid', 'HUP').replaceAll("'", `'"'"'`)} & sleep 60' &`],
]

test.for(kept)('close ends a background program that was kept from its shell by: %s', async ([, command]) => {
  const opened = await temporaryShell()
  await opened.run(command)
  const pid = await readPid(opened.home)
  await opened.shell.close()
  await expectGone([pid])
})

test('close ends a descendant in a session of its own, and the programs of the terminal that it opened', async () => {
  need('python3')
  const opened = await temporaryShell()
  const inSession = await start(opened, `setsid --wait ${stubborn('pid', everySignal)}`, 'background')
  writeFileSync(`${opened.home}/deep.sh`, stubborn('deep', everySignal))
  const openTerminal = `python3 -c 'import pty; pty.spawn(["sh", "deep.sh"])'`
  const inTerminal = await start(opened, openTerminal, 'foreground', 'deep')
  await opened.shell.close()
  await expectGone([inSession, inTerminal])
})

test('close leaves a daemon alone', async () => {
  const opened = await temporaryShell()
  await opened.run(`setsid ${stubborn('pid', '')} &`)
  const pid = await readPid(opened.home)
  await opened.shell.close()
  expect(isAlive(pid)).toBe(true)
  process.kill(pid, 'SIGKILL')
})

test('a program gets time to end: SIGHUP, then SIGTERM', async () => {
  const opened = await temporaryShell()
  const {home, shell} = opened
  const note = (signal: string) => `trap "echo ${signal} >> signals" ${signal}`
  const command = `sh -c '${note('HUP')}; ${note('CONT')}; trap "echo TERM >> signals; exit" TERM; echo $$ > pid; while :; do sleep 0.01; done'`
  await start(opened, command, 'background')
  // It gets no SIGKILL, however busy the machine is.
  await shell.close({killAfterMs: 20_000})
  const got = readFileSync(`${home}/signals`, 'utf8')
    .split('\n')
    .filter((line) => line === 'HUP' || line === 'TERM')
  expect(new Set(got)).toEqual(new Set(['HUP', 'TERM']))
  expect(got.at(-1)).toBe('TERM')
})

test('a program gets its whole time after SIGTERM, also if this process was not scheduled before', async () => {
  const {shell, home, run} = await temporaryShell()
  const cleanUp = 'trap "" HUP; trap "sleep 0.1; touch cleaned; exit" TERM; echo $$ > pid; while :; do sleep 0.01; done'
  await start({shell, home, run}, `sh -c '${cleanUp}'`, 'background')
  const ofShell = createShellPrograms(shell.pid)
  const now = performance.now.bind(performance)
  let [looks, stalledMs] = [0, 0]
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + stalledMs)
  onTestFinished(() => clock.mockRestore())
  const find = () => {
    if (++looks === 2) stalledMs = 60_000
    return ofShell.find()
  }
  await endPrograms(shell.pid, {...ofShell, find}, {graceMs: 200, killAfterMs: 20_000})
  expect(existsSync(`${home}/cleaned`)).toBe(true)
})

test('close kills what is left when this process exits', async () => {
  const home = await temporaryFolder()
  const command = `${stubborn('pid', everySignal)} & until [ -e pid ]; do sleep 0.05; done`
  const program = fileURLToPath(new URL('../fixtures/exit-while-closing.ts', import.meta.url))
  const {status} = spawnSync(process.execPath, ['--conditions=holdfast-source', program, command], {
    cwd: home,
    env: envOf('bash', home),
  })
  expect(status).toBe(0)
  const pid = await readPid(home)
  await expectGone([pid])
})

test('a job that outlives its shell is ended by a later close', async () => {
  const opened = await temporaryShell()
  const pid = await start(opened, stubborn('pid', everySignal), 'background')
  await opened.run('disown -a; exit')
  await opened.shell.closed
  expect(isAlive(pid)).toBe(true)
  expect(opened.shell.hasPrograms()).toBe(true)
  await opened.shell.close()
  await expectGone([pid])
})
