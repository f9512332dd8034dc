import {readFileSync, writeFileSync} from 'node:fs'

import {readCrashLog} from '@holdfast/breadcrumbs'
import {homePaths} from '@holdfast/event-log'
import {test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {attached} from '../support/attaching.ts'
import {openBadLine, type BadLine} from '../support/bad-line.ts'
import {openLine} from '../support/cuttable-connection.ts'
import {openFourClients} from '../support/four-clients.ts'
import {openRawClient} from '../support/garbage/raw-client.ts'
import {createHome, type Home} from '../support/home.ts'
import {startServer} from '../support/serve.ts'
import {linesOf, openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'

// They wait for real heartbeats, so they wait at the same time.

/** Both ends notice a silent peer after 45 s, or 5 s later. More on a busy machine. */
const patienceMs = 90_000
const timeout = 180_000

/** A machine at the end of a line. */
function homeAt(line: BadLine, end: 'near' | 'far'): Home {
  return createHome({launcher: line.at(end, ['env', '-C'])})
}

/** How many clients a server has given up, and why. */
function givenUp({state}: Home): string[] {
  return readCrashLog(homePaths(state).crashLog).breadcrumbs.flatMap(({role, event, facts}) =>
    role === 'serve' && event === 'client-disconnected' ? [String(facts['reason'])] : [],
  )
}

interface Fault {
  name: string
  begin(line: BadLine, clients: readonly number[]): unknown
  end(line: BadLine, clients: readonly number[]): unknown
}

const faults: Fault[] = [
  {
    name: 'a line that swallows everything',
    begin: (line) => line.set({loss: 1}),
    end: (line) => line.set({loss: 0}),
  },
  {name: 'a new address of the machine', begin: (line) => line.changeAddress(), end: () => undefined},
  {
    name: 'the sleep of the machine, which its server gives up meanwhile',
    begin: (_, clients) => clients.forEach((pid) => process.kill(pid, 'SIGSTOP')),
    end: (_, clients) => clients.forEach((pid) => process.kill(pid, 'SIGCONT')),
  },
]

test.concurrent.for(faults)(
  'run, show, talk and the screen come back after $name: each line is there once and in order',
  {timeout},
  async ({begin, end}, {task, expect}) => {
    need('networks', task)
    await using line = await openBadLine()
    await using there = homeAt(line, 'far')
    await using here = homeAt(line, 'near')
    await using server = await startServer(there, {listen: `${line.farAddress}:0`, args: ['--insecure']})
    await using clients = await openFourClients(there, here, server.optionsFor())

    const before = givenUp(there).length
    await begin(line, clients.pids)
    await clients.havePrinted(60)
    await until(() => givenUp(there).length - before === clients.pids.length, {
      what: 'the end of patience of the server',
      timeoutMs: patienceMs,
    })
    expect(new Set(givenUp(there).slice(before))).toEqual(new Set(['its heartbeat timed out']))
    await end(line, clients.pids)
    await clients.areRestored(1)
    await clients.finish()
  },
)

test.concurrent(
  'a prompt that is lost with the connection runs once, after the reconnection',
  {timeout},
  async ({task, expect}) => {
    need('networks', task)
    await using line = await openBadLine()
    await using there = homeAt(line, 'far')
    await using here = homeAt(line, 'near')
    await using server = await startServer(there, {listen: `${line.farAddress}:0`, args: ['--insecure']})
    await using tui = await openTui(here, server.optionsFor())
    await tui.submit(`cd ${there.project}`)
    await tui.waitFor(/^✓/m, {timeoutMs: patienceMs})
    await line.set({loss: 1})
    await tui.submitLast('echo once | tee -a once.txt')
    await tui.waitFor('reconnecting', {timeoutMs: patienceMs})
    await line.set({loss: 0})
    await tui.waitFor(/^once$/m, {timeoutMs: patienceMs})
    await tui.waitFor(() => (tui.scrollback().match(/^✓/gm)?.length ?? 0) === 2)
    expect(linesOf(there, 'once.txt')).toEqual(['once'])
  },
)

test.concurrent(
  'at 200 ms and a loss of 1 % no connection is lost: output, stdin and keys arrive whole',
  {timeout},
  async ({task, expect}) => {
    need('networks', task)
    await using line = await openBadLine({delayMs: 100, loss: 0.01})
    await using there = homeAt(line, 'far')
    await using here = homeAt(line, 'near')
    await using server = await startServer(there, {listen: `${line.farAddress}:0`, args: ['--insecure']})
    const at = server.optionsFor()
    const stdin = 'some bytes\n'.repeat(30_000)
    const [down, up] = await Promise.all([
      here.holdfast(['run', ...at, '--', 'seq 100000']),
      here.holdfast(['run', ...at, '--', `cat > ${there.project}/up.txt`], {stdin}),
    ])
    const lines = Array.from({length: 100_000}, (_, index) => `${index + 1}\n`).join('')
    expect(down).toMatchObject({exitCode: 0, stderr: ''})
    expect(down.stdout === lines, 'the output of seq').toBe(true)
    expect(up).toMatchObject({exitCode: 0, stderr: ''})
    expect(readFileSync(`${there.project}/up.txt`, 'utf8') === stdin, 'the input of cat').toBe(true)

    await using tui = await openTui(here, at)
    await tui.submit('cat')
    await tui.waitFor(/^» *$/m)
    tui.press('ctrl-o')
    await attached(tui)
    for (const key of 'typed one by one') tui.type(key)
    tui.press('enter')
    await tui.waitFor(/^typed one by one *\n+typed one by one *$/m)
    expect(await line.set({})).toMatchObject({lost: expect.toSatisfy((lost: number) => lost > 3) as number})
    expect(tui.remarks()).toEqual([])
  },
)

test.concurrent('a proxy that cuts idle connections after 30 s cuts none of ours', {timeout}, async ({expect}) => {
  await using there = createHome()
  await using here = createHome()
  await using server = await startServer(there)
  await using line = await openLine(server.url, {idleMs: 30_000})
  const at = server.optionsFor(line.url)
  const run = here.startHoldfast(['run', ...at, '--', `echo begun; until [ -e ${there.project}/go ]; do sleep 1; done`])
  await until(() => run.stdout.includes('begun'), {what: 'the first line', timeoutMs: patienceMs})
  await using tui = await openTui(here, at)
  await tui.waitFor('· idle', {timeoutMs: patienceMs})
  // Has it cut this one, the others have been idle for as long.
  const silent = await openRawClient(line.url)
  await silent.closed
  writeFileSync(`${there.project}/go`, '')
  expect(await run.ended).toMatchObject({stdout: 'begun\n', stderr: '', exitCode: 0})
  await tui.submit('echo still here')
  await tui.waitFor(/^still here$/m)
  expect(tui.remarks()).toEqual([])
  expect(givenUp(there)).not.toContain('its heartbeat timed out')
})
