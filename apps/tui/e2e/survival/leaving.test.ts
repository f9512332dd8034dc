import {statSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {readCrashLog} from '@holdfast/breadcrumbs'
import {homePaths, sessionPaths} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {createHome, type Home} from '../support/home.ts'
import {findProcess, isAlive, waitForExit} from '../support/processes.ts'
import {startServer} from '../support/serve.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui, shows, type Tui} from '../support/tui.ts'
import {until} from '../support/until.ts'

const loopOnSignal = fileURLToPath(new URL('../fixtures/loop-on-signal.mjs', import.meta.url))
const throwOnSignal = fileURLToPath(new URL('../fixtures/throw-on-signal.mjs', import.meta.url))

interface Leaving {
  name: string
  leave: (tui: Tui) => Promise<void> | void
  /** 128 plus the number of the signal, as a shell reports it. */
  status: number
  env?: Record<string, string>
  says?: string
}

const leavings: Leaving[] = [
  {name: '/quit', leave: (tui) => tui.submitLast('/quit'), status: 0},
  {name: 'Ctrl-D', leave: pressCtrlDTwice, status: 0},
  {name: 'Ctrl-C twice', leave: pressTwice, status: 0},
  {name: 'SIGTERM', leave: (tui) => tui.kill('SIGTERM'), status: 143},
  {name: 'SIGHUP', leave: (tui) => tui.kill('SIGHUP'), status: 129},
  {name: 'SIGQUIT', leave: (tui) => tui.kill('SIGQUIT'), status: 131},
  {name: 'an exception', leave: throwInTui, status: 1, env: {FAULT: 'exception'}, says: 'planted exception'},
  {name: 'a rejection', leave: throwInTui, status: 1, env: {FAULT: 'rejection'}, says: 'planted rejection'},
]

test.for(leavings)('$name restores the terminal, and the session stays open', async ({leave, status, env, says}) => {
  await using home = createHome()
  await using tui = await openTui(home, [], {env: {NODE_OPTIONS: `--import=${throwOnSignal}`, ...env}})
  await tui.submit('echo ready')
  await tui.waitFor(/^✓/m)
  const gateway = await home.process('gateway')
  const host = await home.process('host')
  expect(tui.modes().termios).not.toBe(tui.modesBefore.termios)

  await leave(tui)
  expect(await tui.exited).toBe(status)
  expect(tui.modes()).toEqual(tui.modesBefore)
  // The shell's prompt is on a row of its own, below the output.
  expect(tui.cursorColumn).toBe(0)
  expect(tui.scrollback()).toContain('❯ echo ready\nready\n✓')
  if (says !== undefined) expect(tui.scrollback()).toContain(says)
  await waitForExit(gateway)
  expect(isAlive(host)).toBe(true)
  expect(await sessionsOf(home)).toMatchObject([{state: 'idle'}])
})

test('closing the window ends the TUI and its gateway; the command keeps running', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('print-lines out.txt 400 0.05')
  await tui.waitFor(shows(tui, 'line 3'))
  const [client, gateway, host] = [findProcess(tui.pid)!, await home.process('gateway'), await home.process('host')]
  tui.close()
  await waitForExit(client)
  await waitForExit(gateway)
  expect(isAlive(host)).toBe(true)
  expect(await sessionsOf(home)).toMatchObject([{state: 'running'}])
})

test('leaving the TUI leaves the command running', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('sleep 60')
  await tui.waitFor(/· (?:\S )?running/)
  await pressCtrlDTwice(tui)
  expect(await tui.exited).toBe(0)
  expect(await sessionsOf(home)).toMatchObject([{state: 'running'}])
})

test.each(['SIGSTOP', 'SIGUSR2'] as const)(
  'a gateway that hangs does not outlive the TUI, with an unsaved draft (%s)',
  async (signal) => {
    await using home = createHome()
    await using tui = await openTui(home, [], {env: {NODE_OPTIONS: `--import=${loopOnSignal}`}})
    await tui.waitFor('· idle')
    const gateway = await home.process('gateway')
    process.kill(gateway.pid, signal)
    tui.type('half a prompt')
    await tui.waitFor('half a prompt')
    tui.kill('SIGTERM')
    expect(await tui.exited).toBe(143)
    await waitForExit(gateway)
    expect(eventsOf(home, 'tui')).not.toContain('shutdown-timeout')
  },
)

test('a host that hangs delays neither the end of the TUI nor that of its gateway', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.waitFor('· idle')
  const [gateway, host] = [await home.process('gateway'), await home.process('host')]
  process.kill(host.pid, 'SIGSTOP')
  tui.type('half a prompt')
  await tui.waitFor('half a prompt')
  tui.kill('SIGTERM')
  expect(await tui.exited).toBe(143)
  await waitForExit(gateway)
  process.kill(host.pid, 'SIGCONT')
  expect([...eventsOf(home, 'tui'), ...eventsOf(home, 'gateway')]).not.toContain('shutdown-timeout')
})

test('/quit asks if a command is running: Esc stays, Enter leaves', async () => {
  await using home = createHome()
  await using tui = await openTui(home)
  await tui.submit('sleep 60')
  await tui.waitFor(/· (?:\S )?running/)
  await tui.submit('echo next')
  await tui.waitFor('· 1 queued')
  await tui.submit('/quit')
  await tui.waitFor('Keeps running: `sleep 60`, then the queue (1)')
  await tui.waitFor('Enter leaves · Esc stays')
  tui.press('escape')
  await tui.waitFor(() => !tui.screen().includes('Keeps running'))
  await tui.submit('/quit')
  await tui.waitFor('Enter leaves')
  tui.press('enter')
  expect(await tui.exited).toBe(0)
  expect(await sessionsOf(home)).toMatchObject([{state: 'running'}])
})

test('leaving prints the command that opens the session again; HOLDFAST_STARTED_AS does not reach the shell', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {env: {HOLDFAST_STARTED_AS: 'npm start'}})
  await tui.submit('echo "<$HOLDFAST_STARTED_AS>"')
  await tui.waitFor(/^<>$/m)
  const [{id}] = await sessionsOf(home)
  await tui.submitLast('/quit')
  expect(await tui.exited).toBe(0)
  expect(tui.scrollback()).toContain(
    `The session is still running: npm start -- --resume ${id}\nTo end it: npm start -- close ${id}`,
  )
})

test('`serve` ends in order while a client does not read, and a host hangs', async () => {
  await using home = createHome()
  await using server = await startServer(home)
  await using tui = await openTui(home, server.optionsFor())
  await tui.submit('yes')
  await tui.waitFor(/^y\ny$/m)
  const [client, host] = [findProcess(tui.pid)!, await home.process('host')]
  process.kill(client.pid, 'SIGSTOP')
  const [{id}] = await sessionsOf(home)
  const {log} = sessionPaths(home.state, id)
  const size = statSync(log).size
  await until(() => statSync(log).size > size + 8_000_000, {what: 'the output that the client does not read'})
  process.kill(host.pid, 'SIGSTOP')
  server.running.child.kill('SIGTERM')
  expect(await server.running.ended).toMatchObject({exitCode: 143})
  for (const {pid} of [client, host]) process.kill(pid, 'SIGCONT')
  expect(eventsOf(home, 'serve')).not.toContain('shutdown-timeout')
})

test('`talk` ends with its gateway, even if that hangs', async () => {
  await using home = createHome()
  const {child, ended} = home.startHoldfast(['talk'], {stdin: 'sleep 60\n'})
  const gateway = await home.process('gateway')
  await until(() => home.processes().some(({argv}) => argv[0] === 'sleep'), {what: 'the command'})
  process.kill(gateway.pid, 'SIGSTOP')
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({exitCode: 143})
  await waitForExit(gateway)
})

/** What processes of a role recorded in the crash log. */
function eventsOf(home: Home, role: string): string[] {
  const {breadcrumbs} = readCrashLog(homePaths(home.state).crashLog)
  return breadcrumbs.filter((breadcrumb) => breadcrumb.role === role).map(({event}) => event)
}

async function pressTwice(tui: Tui): Promise<void> {
  tui.press('ctrl-c')
  await tui.waitFor('Press Ctrl-C again to leave')
  tui.press('ctrl-c')
}

async function pressCtrlDTwice(tui: Tui): Promise<void> {
  tui.press('ctrl-d')
  await tui.waitFor('Press Ctrl-D again to leave: the session stays')
  tui.press('ctrl-d')
}

function throwInTui(tui: Tui): void {
  tui.kill('SIGUSR2')
}
