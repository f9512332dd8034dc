import {rmSync, statSync, writeFileSync} from 'node:fs'
import {DatabaseSync} from 'node:sqlite'

import {readCrashLog} from '@holdfast/breadcrumbs'
import {homePaths} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {eventsOf} from '../support/events-of.ts'
import {createHome} from '../support/home.ts'
import {
  findProcess,
  findProcesses,
  isAlive,
  isStopped,
  peakMemory,
  waitForExit,
  type Process,
} from '../support/processes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {linesOf, openTui, shows} from '../support/tui.ts'
import {until} from '../support/until.ts'

async function stop(process: Process): Promise<void> {
  globalThis.process.kill(process.pid, 'SIGSTOP')
  await until(() => isStopped(process), {what: 'the process to be stopped'})
}

/** A process that is stopped in a commit keeps the lock of its log, and no other host could write. */
async function stopBetweenCommits(host: Process, log: string): Promise<void> {
  await until(
    async () => {
      await stop(host)
      if (isUnlocked(log)) return true
      globalThis.process.kill(host.pid, 'SIGCONT')
      return false
    },
    {what: 'a moment between two commits'},
  )
}

function isUnlocked(log: string): boolean {
  const database = new DatabaseSync(log, {timeout: 0})
  try {
    database.exec('BEGIN IMMEDIATE; ROLLBACK')
    return true
  } catch {
    return false
  } finally {
    database.close()
  }
}

test('a replaced host that continues writes nothing more, and exits', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('while :; do echo tick; sleep 0.01; done')
  await tui.waitFor(/^tick$/m)
  const old = await home.process('host')
  const [{id}] = await sessionsOf(home)
  await stopBetweenCommits(old, `${homePaths(home.state).sessions}/${id}.db`)
  // Without its lock file and its socket, another host can start; the kernel lock would prevent that.
  rmSync(homePaths(home.state).run, {recursive: true})

  // Another client finds no host, and starts one.
  const before = await eventsOf(home, id)
  const {stdout} = await home.holdfast(['run', '--session', id, '--', 'echo', 'here'])
  expect(stdout).toContain('here')
  const afterReplacement = await eventsOf(home, id)
  // The next host has written the WAL into the log, and made it shorter than the old one knows it.
  await until(() => statSync(`${homePaths(home.state).sessions}/${id}.db-wal`).size === 0, {what: 'the checkpoint'})

  globalThis.process.kill(old.pid, 'SIGCONT')
  await waitForExit(old)
  const events = await eventsOf(home, id)
  expect(events.map(({seq}) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(events.slice(0, afterReplacement.length)).toEqual(afterReplacement)
  expect(events.slice(before.length).filter(({payload}) => payload.text?.includes('tick'))).toEqual([])
  const {breadcrumbs} = readCrashLog(homePaths(home.state).crashLog)
  expect(breadcrumbs).toContainEqual(expect.objectContaining({pid: old.pid, event: 'replaced'}))
  await home.holdfast(['close', id])
})

test.each(['gateway', 'host'] as const)('a %s that is stopped for a while loses and repeats nothing', async (role) => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('print-lines out.txt 60 0.02 go')
  await tui.waitFor(shows(tui, 'line 10'))
  const stopped = await home.process(role)
  await stop(stopped)
  const {length} = linesOf(home, 'out.txt')
  writeFileSync(`${home.project}/go`, '')
  await until(() => linesOf(home, 'out.txt').length > length, {what: 'the command to continue'})
  process.kill(stopped.pid, 'SIGCONT')
  await tui.waitFor(/^✓/m, {timeoutMs: 30_000})
  expect(tui.outputOf('print-lines out.txt 60 0.02 go')).toEqual(linesOf(home, 'out.txt'))
  expect(isAlive(stopped)).toBe(true)
  expect(tui.remarks()).toEqual([])
})

test('a stopped host: the screen says that it does not respond, prompts wait, and run when it continues', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('echo before')
  await tui.waitFor(/^before$/m)
  const host = await home.process('host')
  await stop(host)
  await tui.submit('echo meanwhile | tee -a ran.txt')
  await tui.waitFor(/The host of session \w+ has not answered for 5 s/, {timeoutMs: 15_000})
  await tui.waitFor('not responding · prompts wait')
  process.kill(host.pid, 'SIGCONT')
  await tui.waitFor(/^meanwhile\n✓/m)
  await tui.waitFor('· idle')
  expect(tui.screen()).not.toContain('has not answered')
  expect(linesOf(home, 'ran.txt')).toEqual(['meanwhile'])
  expect(isAlive(host)).toBe(true)
  expect(tui.remarks()).toEqual([])
})

test('a stopped host that is killed is replaced by one that responds', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('echo before')
  await tui.waitFor(/^before$/m)
  const host = await home.process('host')
  await stop(host)
  await tui.waitFor('not responding · prompts wait', {timeoutMs: 15_000})
  process.kill(host.pid, 'SIGKILL')
  await tui.waitFor('· idle')
  expect(tui.screen()).not.toContain('has not answered')
})

test('run reports a stopped host, and continues with it', async () => {
  await using home = createHome()
  const run = home.startHoldfast(['run', '--', 'print-lines out.txt 20 0.02 go'])
  await until(() => run.stdout.includes('line 5\n'), {what: 'the 5th line'})
  const host = await home.process('host')
  await stop(host)
  await until(() => run.stderr.includes('has not answered'), {
    what: 'a message that the host does not answer',
    timeoutMs: 15_000,
  })
  process.kill(host.pid, 'SIGCONT')
  writeFileSync(`${home.project}/go`, '')
  const {exitCode, stdout} = await run.ended
  expect(exitCode).toBe(0)
  expect(stdout.split('\n').slice(0, -1)).toEqual(linesOf(home, 'out.txt'))
})

test('a stopped shell: the prompt waits, shown as running, and runs once', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('echo before')
  await tui.waitFor(/^before$/m)
  const host = await home.process('host')
  const shell = findProcesses(home.state).find(({parentPid}) => parentPid === host.pid)!
  await stop(shell)
  await tui.submit('echo meanwhile | tee -a ran.txt')
  await tui.waitFor(/· (?:\S )?running/)
  await tui.submit('echo after')
  await tui.waitFor('1 queued')
  process.kill(shell.pid, 'SIGCONT')
  await tui.waitFor(/^meanwhile\n✓[^]*^after\n✓/m)
  expect(linesOf(home, 'ran.txt')).toEqual(['meanwhile'])
  expect(isAlive(shell)).toBe(true)
})

test('a stopped TUI: the command keeps running, and all its output appears when the TUI continues', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('print-lines out.txt 40 0.02 go')
  await tui.waitFor(shows(tui, 'line 5'))
  const screen = findProcess(tui.pid)!
  await stop(screen)
  writeFileSync(`${home.project}/go`, '')
  await until(() => linesOf(home, 'out.txt').length === 41, {what: 'the command to continue'})
  process.kill(screen.pid, 'SIGCONT')
  await tui.waitFor(/^✓/m)
  expect(tui.outputOf('print-lines out.txt 40 0.02 go')).toEqual(linesOf(home, 'out.txt'))
  expect(tui.remarks()).toEqual([])
})

test('a TUI that is stopped during a flood needs bounded memory, and shows the end when it continues', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('until [ -e go ]; do sleep 0.01; done; seq 1 700000; echo the end')
  await tui.waitFor(/· (?:\S )?running/)
  const screen = findProcess(tui.pid)!
  const [gateway, host] = await Promise.all([home.process('gateway'), home.process('host')])
  const idle = [gateway, host].map(({pid}) => peakMemory(pid))
  await stop(screen)
  writeFileSync(`${home.project}/go`, '')
  const [{id}] = await sessionsOf(home)
  await until(async () => (await eventsOf(home, id)).some(({type}) => type === 'message.complete'), {
    what: 'the end of the flood, without a reader',
    timeoutMs: 30_000,
  })
  for (const [index, {pid}] of [gateway, host].entries()) {
    expect(peakMemory(pid) - (idle[index] ?? 0)).toBeLessThan(150 * 1024 * 1024)
  }
  process.kill(screen.pid, 'SIGCONT')
  await tui.waitFor(/^the end$/m, {timeoutMs: 30_000})
})
