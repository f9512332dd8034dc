import {existsSync, readFileSync} from 'node:fs'
import {gunzipSync} from 'node:zlib'

import {expect, test} from 'vitest'

import {openLine} from '../support/cuttable-connection.ts'
import {createHome, type Home} from '../support/home.ts'
import {startMachine, startNats} from '../support/nats.ts'
import {openTui} from '../support/tui.ts'
import {waitForExit} from '../support/processes.ts'
import {until} from '../support/until.ts'

interface Status {
  machines: {name: string; state: string; sessions: number; unshipped: object[]}[]
}

async function statusOf(home: Home): Promise<Status['machines']> {
  const {stdout, stderr} = await home.holdfast(['fleet', 'status', '--json'])
  expect(stderr).toBe('')
  return (JSON.parse(stdout) as {result: Status}).result.machines
}

/** Waits until a machine holds so many sessions. */
async function untilHolds(home: Home, machine: string, sessions: number): Promise<void> {
  await until(async () => (await statusOf(home)).some((one) => one.name === machine && one.sessions === sessions), {
    what: `${sessions} sessions on ${machine}`,
    timeoutMs: 30_000,
  })
}

async function createSession(home: Home, url: string): Promise<string> {
  const {stdout, stderr} = await home.holdfast(['new', '--fleet', url, '--cwd', home.project])
  expect(stderr).toBe('')
  return stdout.trim()
}

test('a session moves on request, waits for a running command, and leaves a drained machine', async () => {
  await using nats = await startNats()
  await using here = createHome()
  await using a = createHome()
  await using b = createHome()
  await using serveA = await startMachine(a, 'a', nats)
  await using serveB = await startMachine(b, 'b', nats)
  const id = await createSession(a, nats.url)
  const run = (command: string) => here.holdfast(['run', '--fleet', nats.url, '--session', id, '--', command])
  expect(await run('touch began; echo one')).toMatchObject({stdout: 'one\n', exitCode: 0})

  const moved = await a.holdfast(['fleet', 'move', id, 'b'])
  expect(moved).toMatchObject({stdout: `Session ${id} has moved from a to b\n`, stderr: '', exitCode: 0})
  // The folder of the session is on both: they are one machine here.
  expect(await run('test -e began && echo two')).toMatchObject({stdout: 'two\n', exitCode: 0})
  const nowhere = await b.holdfast(['fleet', 'move', id, 'nowhere'])
  expect(nowhere).toMatchObject({
    stderr: `holdfast: session ${id} cannot move to nowhere: nowhere is not in the fleet now; its machines are: a, b\n`,
    exitCode: 1,
  })

  const long = here.startHoldfast(['run', '--fleet', nats.url, '--session', id, '--', 'echo runs; sleep 3; echo over'])
  await until(() => long.stdout.includes('runs\n'), {what: 'the running command'})
  const drained = await b.holdfast(['fleet', 'drain', 'b'])
  expect(drained).toMatchObject({stderr: '', exitCode: 0})
  expect(drained.stdout).toMatch(
    new RegExp(
      `^1 session left; waiting for the running prompts of ${id}\n(?:1 session left\n)?All sessions of b have moved: it can be stopped\n$`,
    ),
  )
  expect(await long.ended).toMatchObject({stdout: 'runs\nover\n', exitCode: 0})
  expect(await statusOf(a)).toMatchObject([
    {name: 'a', state: 'ready', sessions: 1},
    {name: 'b', state: 'drained', sessions: 0},
  ])
  expect(await run('echo three')).toMatchObject({stdout: 'three\n', exitCode: 0})

  expect(serveB.running.stderr).toContain(`took session ${id} over from a\n`)

  // Hosts outlive the process of their machine.
  serveA.running.child.kill('SIGKILL')
  await serveA.running.ended
  expect(await run('echo four')).toMatchObject({stdout: 'four\n', exitCode: 0})
})

test('a machine that was cut off loses its sessions, and names what it had not sent', async () => {
  await using nats = await startNats()
  await using line = await openLine(nats.url)
  await using here = createHome()
  await using a = createHome()
  await using b = createHome()
  const cut = line.url.replace(/^ws/, 'nats')
  await using serveA = await startMachine(a, 'a', {url: cut})
  await using serveB = await startMachine(b, 'b', nats)
  const id = await createSession(a, cut)
  const host = await a.process('host')
  expect(await a.holdfast(['run', '--session', id, '--', 'echo sent'])).toMatchObject({exitCode: 0})

  line.cut()
  await until(async () => (await a.holdfast(['run', '--session', id, '--', 'echo never sent'])).exitCode === 0, {
    what: 'a command on the machine that is cut off',
  })
  await untilHolds(b, 'b', 1)
  const run = await here.holdfast(['run', '--fleet', nats.url, '--session', id, '--', 'echo goes on'])
  expect(run).toMatchObject({stdout: 'goes on\n', exitCode: 0})
  expect(serveB.running.stderr).toBe(`holdfast: took session ${id} over from a\n`)
  line.mend()

  await waitForExit(host, {timeoutMs: 30_000})
  await until(() => serveA.running.stderr.includes('had not been sent'), {what: 'the notice', timeoutMs: 30_000})
  expect(serveA.running.stderr).toContain(`machine b has taken session ${id} over; events `)
  const unshipped = await a.holdfast(['fleet', 'unshipped', id])
  expect(unshipped.stdout).toContain('never sent')
  expect(unshipped.stdout).not.toContain('goes on')
  const shown = await here.holdfast(['show', '--fleet', nats.url, id])
  expect(shown.stdout).toContain('echo sent')
  expect(shown.stdout).toContain('Machine a is gone: the session goes on at b')
  expect(shown.stdout).not.toContain('never sent')
  expect(await statusOf(b)).toMatchObject([
    {name: 'a', unshipped: [{session_id: id}]},
    {name: 'b', unshipped: []},
  ])
})

test('a session that was closed long ago goes to the archive', async () => {
  await using nats = await startNats()
  await using home = createHome()
  const first = await startMachine(home, 'box', nats)
  const [closed, open] = [await createSession(home, nats.url), await createSession(home, nats.url)]
  expect(await home.holdfast(['close', closed])).toMatchObject({stderr: '', exitCode: 0})
  await first[Symbol.asyncDispose]()

  const archive = `${home.user}/archive`
  const args = ['--archive', archive, '--keep-closed', '0h']
  await using again = await startMachine(home, 'box', {url: nats.url, args})
  const file = `${archive}/${closed}.ndjson.gz`
  await until(() => again.running.stderr.includes('was archived to'), {what: 'the archive'})
  expect(again.running.stderr).toBe(`holdfast: session ${closed} was archived to ${file}\n`)
  const events = gunzipSync(readFileSync(file)).toString().split('\n').slice(0, -1)
  const types = events.map((line) => (JSON.parse(line) as {type: string}).type)
  expect([types[0], types.at(-1)]).toEqual(['session.info', 'session.closed'])
  await until(() => !existsSync(`${home.state}/sessions/${closed}.db`), {what: 'the end of the log'})
  expect((await home.holdfast(['ls', '--fleet', nats.url, '--json'])).stdout).toMatch(
    new RegExp(`^{"id":"${open}".*\n$`),
  )
})

test('the screen goes on when the machine of its session dies', async () => {
  await using nats = await startNats()
  await using here = createHome()
  await using a = createHome()
  await using b = createHome()
  const dead = await startMachine(a, 'a', nats)
  await using serveB = await startMachine(b, 'b', nats)
  const id = await createSession(a, nats.url)
  await using tui = await openTui(here, ['--fleet', nats.url, '--resume', id])
  await tui.submit('echo "first from ${HOLDFAST_HOME}"')
  await tui.waitFor(`first from ${a.state}`)

  for (const {pid} of a.processes()) process.kill(pid, 'SIGKILL')
  await dead.running.ended
  await until(() => serveB.running.stderr.includes(`took session ${id} over from a`), {
    what: 'the take-over',
  })
  await tui.waitFor(/Machine a is gone: the session goes on at b/)
  await tui.submit('echo "then from ${HOLDFAST_HOME}"')
  await tui.waitFor(`then from ${b.state}`)

  // Also a host of a command without a fleet goes on with nothing that has moved.
  const stale = await a.holdfast(['run', '--session', id, '--', 'echo never'])
  expect(stale).toMatchObject({stdout: '', exitCode: 6})
  expect(stale.stderr).toContain(`another machine of the fleet holds session ${id}: use \`--fleet\``)
  await using again = await startMachine(a, 'a', nats)
  await until(() => !existsSync(`${a.state}/sessions/${id}.db`), {what: 'the end of the copy'})
  expect(again.running.stderr).toBe('')
})
