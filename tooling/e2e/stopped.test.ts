import {appendFileSync, readFileSync, rmSync} from 'node:fs'

import {homePaths} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {createHome, type Home} from './home.ts'
import {findProcess, isAlive, isStopped, peakMemory, waitForDeath, type Process} from './processes.ts'
import {sessionsOf} from './sessions-of.ts'
import {linesOf, openTui} from './tui.ts'
import {until} from './until.ts'

interface LoggedEvent {
  seq: number
  type: string
  payload: {prompt_id?: string; text?: string; status?: string; reason?: string}
}

async function eventsOf(home: Home, id: string): Promise<LoggedEvent[]> {
  const {stdout} = await home.holdfast(['show', id, '--json'])
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LoggedEvent)
}

async function stop(process: Process): Promise<void> {
  globalThis.process.kill(process.pid, 'SIGSTOP')
  await until(() => isStopped(process), {what: 'the process to be stopped'})
}

test('a host that wakes up after it was replaced writes nothing more, and ends', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('while :; do echo tick; sleep 0.01; done')
  await tui.waitFor(/^tick$/m)
  const old = await home.process('host')
  const [{id}] = await sessionsOf(home)
  await stop(old)
  // Its lock and its socket are gone, as when somebody tidies up; a lock of the kernel would keep all others away.
  rmSync(homePaths(home.state).run, {recursive: true})

  // Another client finds no host, and starts one.
  const before = await eventsOf(home, id)
  const {stdout} = await home.holdfast(['run', '--session', id, '--', 'echo', 'here'])
  expect(stdout).toContain('here')
  const afterReplacement = await eventsOf(home, id)

  globalThis.process.kill(old.pid, 'SIGCONT')
  await waitForDeath(old)
  const events = await eventsOf(home, id)
  expect(events.map(({seq}) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(events.slice(0, afterReplacement.length)).toEqual(afterReplacement)
  expect(events.slice(before.length).filter(({payload}) => payload.text?.includes('tick'))).toEqual([])
  expect(readFileSync(homePaths(home.state).crashLog, 'utf8')).toMatch(new RegExp(` pid=${old.pid} .* replaced`))
  await home.holdfast(['close', id])
})

test.each(['gateway', 'host'] as const)(
  'a %s that is stopped for a while: nothing is lost, and nothing twice',
  async (role) => {
    await using home = createHome()
    await using tui = await openTui(home)
    await tui.submit('print-lines out.txt 60 0.02')
    await tui.waitFor('line 10')
    const stopped = await home.process(role)
    await stop(stopped)
    const {length} = linesOf(home, 'out.txt')
    await until(() => linesOf(home, 'out.txt').length > length, {what: 'the command to go on meanwhile'})
    process.kill(stopped.pid, 'SIGCONT')
    await tui.waitFor(/^✓/m, {timeoutMs: 30_000})
    expect(tui.outputOf('print-lines out.txt 60 0.02')).toEqual(linesOf(home, 'out.txt'))
    expect(isAlive(stopped)).toBe(true)
    expect(tui.remarks()).toEqual([])
  },
)

test('a screen that is stopped while a command floods: it costs bounded memory, and shows the end when it wakes up', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('until [ -e go ]; do sleep 0.01; done; seq 1 700000; echo the end')
  await tui.waitFor('· running')
  const screen = findProcess(tui.pid)!
  const [gateway, host] = await Promise.all([home.process('gateway'), home.process('host')])
  const idle = [gateway, host].map(({pid}) => peakMemory(pid))
  await stop(screen)
  appendFileSync(`${home.project}/go`, '')
  const [{id}] = await sessionsOf(home)
  await until(async () => (await eventsOf(home, id)).some(({type}) => type === 'message.complete'), {
    what: 'the end of the flood, although nobody reads it',
    timeoutMs: 30_000,
  })
  for (const [index, {pid}] of [gateway, host].entries()) {
    expect(peakMemory(pid) - (idle[index] ?? 0)).toBeLessThan(150 * 1024 * 1024)
  }
  process.kill(screen.pid, 'SIGCONT')
  await tui.waitFor(/^the end$/m, {timeoutMs: 30_000})
})
