import {cpSync, mkdirSync, readdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'

import {createClient} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {homePaths, sessionPaths} from '@holdfast/event-log'

import {findProcesses, waitForExit} from '../../../apps/tui/e2e/support/processes.ts'
import {sendSignal} from '../session/victims.ts'
import {linesOf, runCommand, type CommandOptions} from './run-command.ts'

/** A home with two sessions. */
export interface SampleHome extends CommandOptions {
  home: string
  /** The session to damage, and one that must not notice. */
  damaged: SampleSession
  other: SampleSession
}

export interface SampleSession {
  id: string
  /** What `show --json` printed before the damage, one event a line. */
  events: readonly string[]
}

function environmentOf(folder: string): Readonly<Record<string, string>> {
  return {
    HOME: folder,
    HOLDFAST_HOME: join(folder, 'state'),
    PATH: process.env['PATH'] ?? '',
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
  }
}

/** The commands of the session to damage; their output fills some hundred pages. */
const commands = [
  'echo first; seq -f "apple %g" 400',
  'seq -f "banana %g of many" 3000',
  'for i in $(seq 40); do echo "cherry $i"; sleep 0.01; done',
  'false',
  'printf "durian %s\\n" "✓ é 漢字 🙂"',
  'for i in $(seq 30); do seq -f "elder $i %g" 60; sleep 0.02; done',
  'head -c 30000 /dev/urandom',
  'echo last',
]

/** Creates a home in an empty folder with a short path. Its hosts end by `signal`. */
export async function createSampleHome(
  cli: string,
  folder: string,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<SampleHome> {
  const env = environmentOf(folder)
  const options = {cli, env, cwd: folder}
  const home = join(folder, 'state')
  const create = async (lines: readonly string[]) => {
    let session = ['--keep']
    for (const line of lines) {
      const {stderr} = await runCommand(['run', ...session, '--', line], options)
      if (stderr !== '') throw new Error(`Expected \`${line}\` to run, got ${stderr}`)
      if (session.length === 1) session = ['--session', await newestSession(options)]
    }
    return session[1]!
  }
  const other = await create(['echo calm', 'seq 50'])
  await endHosts(home, signal)
  const damaged = await create(commands)
  await runCommand(['rename', damaged, 'fruit and 果物'], options)
  await saveDraft(damaged, 'a draft: fig ✓', options)
  await runCommand(['run', '--session', damaged, '--', 'echo grape'], options)
  await endHosts(home, signal)
  const read = async (id: string) => ({id, events: linesOf((await runCommand(['show', '--json', id], options)).stdout)})
  return {...options, home, damaged: await read(damaged), other: await read(other)}
}

async function saveDraft(sessionId: string, draft: string, {cli, env}: CommandOptions): Promise<void> {
  const client = createClient({gateway: localGateway({command: [process.execPath, cli, 'gateway'], env})})
  const session = await client.openSession(sessionId)
  await session.setDraft(draft)
  await client.close()
}

/** Copies a home at rest. What differs is the folder. */
export function copySampleHome(sample: SampleHome, folder: string): SampleHome {
  mkdirSync(folder, {recursive: true})
  const env = environmentOf(folder)
  const home = join(folder, 'state')
  cpSync(sample.home, home, {recursive: true})
  // Locks and PID files belong to the processes of the other home.
  for (const name of readdirSync(homePaths(home).run)) rmSync(join(homePaths(home).run, name), {recursive: true})
  return {...sample, env, home, cwd: folder}
}

export function logOf({home, damaged}: SampleHome): string {
  return sessionPaths(home, damaged.id).log
}

/** Ends the hosts of a home by a signal, and waits for the exit of all its processes. */
export async function endHosts(home: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const processes = findProcesses(home)
  for (const found of processes) if (signal === 'SIGKILL' || found.role === 'host') sendSignal(found, signal)
  await Promise.all(processes.map((found) => waitForExit(found)))
}

async function newestSession(options: CommandOptions): Promise<string> {
  const {stdout} = await runCommand(['ls', '--json'], options)
  return (JSON.parse(linesOf(stdout)[0]!) as {id: string}).id
}
