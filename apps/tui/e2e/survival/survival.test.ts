import {spawn} from 'node:child_process'
import {writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {cli, createHome, type Home} from '../support/home.ts'
import {findProcess, isAlive, waitForExit, type Process} from '../support/processes.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {linesOf, openTui, shows, type Tui} from '../support/tui.ts'
import {until} from '../support/until.ts'

/** The four processes of a session with a running command. */
interface Cast {
  tui: Process
  gateway: Process
  host: Process
  command: Process
}

test('a killed gateway: the screen recovers, all lines are there once and in order, and the command keeps running', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('print-lines out.txt 80 0.05 go')
  await tui.waitFor(shows(tui, 'line 20'))
  const before = await castOf(home, tui)

  await kill(before.gateway)
  const firstLineAfter = linesOf(home, 'out.txt').length
  await until(() => linesOf(home, 'out.txt').length > firstLineAfter, {what: 'a line after the kill'})
  await tui.waitFor(shows(tui, `line ${firstLineAfter}`))
  await tui.waitFor(() => tui.remarks().length === 1)
  const after = await castOf(home, tui)
  expect(changed(before, after)).toEqual(['gateway'])

  finish(home)
  await tui.waitFor(/^✓/m, {timeoutMs: 40_000})
  expect(tui.remarks()).toEqual([
    'The gateway died (its process was killed by SIGKILL) and was restarted; `print-lines out.txt 80 0.05 go` is still running.',
  ])
  expect(tui.outputOf('print-lines out.txt 80 0.05 go')).toEqual(linesOf(home, 'out.txt'))
  expect(linesOf(home, 'out.txt')).toHaveLength(81)
})

test('a killed TUI: --continue shows the whole transcript, and the output of the running command continues', async () => {
  await using home = createHome()
  const before = await (async () => {
    await using tui = await openTui(home)
    await tui.submit('echo first')
    await tui.waitFor(/^✓/m)
    await tui.submit('print-lines out.txt 80 0.05 go')
    await tui.waitFor(shows(tui, 'line 15'))
    const cast = await castOf(home, tui)
    tui.kill('SIGKILL')
    expect(await tui.exited).toBe(128 + 9)
    return cast
  })()
  // The gateway has no client any more.
  await waitForExit(before.gateway)

  await using tui = await openTui(home, ['--continue'])
  await tui.waitFor(/· (?:\S )?running/)
  await tui.waitFor(shows(tui, 'line 25'))
  expect(changed(before, await castOf(home, tui))).toEqual(['tui', 'gateway'])
  finish(home)

  await tui.waitFor(() => endedRuns(tui) === 2, {timeoutMs: 40_000})
  expect(tui.outputOf('echo first')).toEqual(['first'])
  expect(tui.outputOf('print-lines out.txt 80 0.05 go')).toEqual(linesOf(home, 'out.txt'))
  expect(linesOf(home, 'out.txt')).toHaveLength(81)
})

test('a killed host: the run ends as interrupted with its output so far, the next one runs in a new shell in the last folder', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('mkdir inner && cd inner')
  await tui.waitFor(/^✓/m)
  await tui.submit('print-lines ../out.txt 400 0.05')
  await tui.waitFor(shows(tui, 'line 15'))
  const before = await castOf(home, tui)
  const [{id}] = await sessionsOf(home)

  await kill(before.host)
  await tui.waitFor(/^■ interrupted/m)
  await waitForExit(before.command)
  const written = linesOf(home, 'out.txt')
  const shown = tui.outputOf('print-lines ../out.txt 400 0.05')
  expect(shown.length).toBeGreaterThan(15)
  expect(shown).toEqual(written.slice(0, shown.length))

  await tui.submit('print-lines here.txt 3 0.01')
  await tui.waitFor(() => tui.screen().includes('line 3'))
  await tui.waitFor(() => endedRuns(tui) === 3)
  expect(tui.outputOf('print-lines here.txt 3 0.01')).toEqual(linesOf(home, 'inner/here.txt'))
  expect((await sessionsOf(home)).map((session) => session.id)).toEqual([id])
  const host = await home.process('host')
  expect(host.pid).not.toBe(before.host.pid)
  expect(host.argv.at(-1)).toBe(id)
  expect([before.tui, before.gateway].map(isAlive)).toEqual([true, true])
})

test('a session whose processes were all killed before its first prompt can be resumed', async () => {
  await using home = createHome()
  await (async () => {
    await using tui = await openTui(home)
    await tui.waitFor('· idle')
    const [host, gateway] = [await home.process('host'), await home.process('gateway')]
    tui.kill('SIGKILL')
    process.kill(gateway.pid, 'SIGKILL')
    await kill(host)
    await tui.exited
  })()
  await until(() => home.processes().every(({role}) => role === 'program'), {what: 'the exit of all processes'})
  const [session] = await sessionsOf(home)
  expect(session).toMatchObject({state: 'stopped'})

  await using tui = await openTui(home, ['--resume', session.id])
  await tui.submit('print-lines out.txt 3 0.01')
  await tui.waitFor(/^✓/m)
  expect(tui.outputOf('print-lines out.txt 3 0.01')).toEqual(linesOf(home, 'out.txt'))
  expect((await home.process('host')).argv.at(-1)).toBe(session.id)
})

test('a host survives a crash of its gateway during its start', async () => {
  await using home = createHome()
  await home.holdfast(['run', '--keep', '--', 'true'])
  await kill(await home.process('host'))
  const [{id}] = await sessionsOf(home)
  const host = spawn(process.execPath, [cli, 'host', id], {env: home.env, stdio: ['ignore', 'pipe', 'ignore']})
  // The pipe on which the host reports that it is ready.
  host.stdout.destroy()
  await until(async () => (await sessionsOf(home))[0].state === 'idle', {what: 'the host to be ready'})
  expect(await home.holdfast(['run', '--session', id, '--', 'echo hello'])).toMatchObject({stdout: 'hello\n'})
  expect((await home.process('host')).pid).toBe(host.pid)
})

/** Lets `print-lines` print its last line. */
function finish(home: Home): void {
  writeFileSync(`${home.project}/go`, '')
}

async function castOf(home: Home, tui: Tui): Promise<Cast> {
  const command = home.processes().find(({argv}) => argv.some((word) => word.endsWith('/print-lines')))
  const cast = {
    tui: findProcess(tui.pid),
    gateway: await home.process('gateway'),
    host: await home.process('host'),
    command,
  }
  const pids = Object.values(cast).map((process) => process?.pid)
  expect(new Set(pids).size, 'four processes').toBe(4)
  expect(pids).not.toContain(undefined)
  return cast as Cast
}

function changed(before: Cast, after: Cast): string[] {
  const names = Object.keys(before) as (keyof Cast)[]
  return names.filter(
    (name) => before[name].pid !== after[name].pid || before[name].startTime !== after[name].startTime,
  )
}

async function kill(victim: Process): Promise<void> {
  process.kill(victim.pid, 'SIGKILL')
  await waitForExit(victim)
}

function endedRuns(tui: Tui): number {
  return tui
    .scrollback()
    .split('\n')
    .filter((line) => /^(?:✓|✗|■)(?: |$)/.test(line)).length
}

test('a killed host: the shell of the next one has the size of the terminal', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  tui.resize(101, 33)
  await tui.submit('until [ "$(stty size)" = "33 101" ]; do sleep 0.05; done; stty size')
  await tui.waitFor(/^33 101$/m)
  await kill(await home.process('host'))
  await tui.submit('echo "next: $(stty size)"')
  await tui.waitFor(/^next: 33 101$/m)
})
