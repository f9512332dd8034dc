import {createConnection} from '@holdfast/rpc'
import {errorCodes, readRefusal} from '@holdfast/protocol'
import {connectWebSocket} from '@holdfast/transport/websocket'
import {expect, test} from 'vitest'

import {eventsOf} from '../support/events-of.ts'
import {createHome} from '../support/home.ts'
import {startServer, token} from '../support/serve.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui} from '../support/tui.ts'

test('on two screens, the session has the size of the smaller one that types, both say so, and it is given back', async () => {
  await using home = createHome()
  await using server = await startServer(home)
  await using large = await openTui(home, server.optionsFor(), {cols: 120, rows: 40})
  await large.submit('stty size')
  await large.waitFor(/^40 120$/m)
  const [{id}] = await sessionsOf(home)

  await using small = await openTui(home, ['--resume', id], {cols: 90, rows: 24})
  await small.waitFor(/ also looks$/m)
  await large.waitFor(/ · terminal also looks$/m)
  // It only looks so far.
  await large.submit('stty size; echo looked')
  await large.waitFor(/^40 120\nlooked$/m)
  await small.submit('stty size; echo typed')
  await large.waitFor(/^24 90\ntyped$/m)
  await large.waitFor("90×24, as terminal's · terminal also looks")
  await small.waitFor(() => !small.screen().includes('×'))

  small.resize(100, 30)
  await large.waitFor("100×30, as terminal's")
  small.kill('SIGKILL')
  await large.waitFor(() => !large.screen().includes('also looks'))
  await large.submit('stty size; echo alone')
  await large.waitFor(/^40 120\nalone$/m)
})

test('a read-only client sees what happens, changes nothing, and says why', async () => {
  await using home = createHome()
  await using server = await startServer(home, {args: ['--read-only']})
  const at = server.optionsFor()
  await using user = await openTui(home, [], {cols: 120, rows: 40})
  await user.submit('echo before')
  await user.waitFor(/^before$/m)
  const [{id}] = await sessionsOf(home)

  await using watcher = await openTui(home, [...at, '--resume', id], {cols: 100, rows: 24})
  await watcher.waitFor(/^before$/m)
  await watcher.waitFor(/ · read-only · 120×40, as terminal's · terminal also looks$/m)
  await watcher.waitFor('Read-only: you see all, and cannot type')
  await user.waitFor(/ · token also looks$/m)
  await user.submit('stty size; read answer')
  await watcher.waitFor(/^40 120$/m)

  // Neither the draft, nor the line, nor a key reaches the program or the log.
  const before = (await eventsOf(home, id)).length
  watcher.type('yes')
  await watcher.waitFor('❯ yes')
  watcher.press('enter')
  await watcher.waitFor('Read-only: to type here, connect with a credential that is not read-only')
  expect(watcher.screen()).toContain('❯ yes')
  watcher.resize(60, 20)
  watcher.press('ctrl-c')
  await watcher.waitFor('token may only look')
  expect(await eventsOf(home, id)).toHaveLength(before)

  for (const args of [
    ['rename', id, 'mine'],
    ['run', '--session', id, '--', 'ls'],
    ['send', id, 'x'],
    ['keys', id, 'x'],
    ['close', id],
    ['new'],
  ]) {
    expect(await home.holdfast([...at, ...args]), args[0]).toMatchObject({
      exitCode: 4,
      stderr: 'holdfast: token may only look: to change something, connect with a credential that is not read-only\n',
    })
  }
  const json = await home.holdfast([...at, 'keys', '--json', id, 'x'])
  expect(JSON.parse(json.stdout)).toMatchObject({error: {code: 'read_only'}})
  expect(await eventsOf(home, id)).toHaveLength(before)
  expect((await home.holdfast([...at, 'show', id])).stdout).toContain('❯ echo before')
})

test('a read-only client sees a session that does not run, starts no host, and follows it when another client starts one', async () => {
  await using home = createHome()
  await using server = await startServer(home, {args: ['--read-only']})
  await home.holdfast(['run', '--keep', '--', 'echo kept'])
  const [{id}] = await sessionsOf(home)
  process.kill((await home.process('host')).pid, 'SIGKILL')
  await using watcher = await openTui(home, [...server.optionsFor(), '--resume', id])
  await watcher.waitFor(/^kept$/m)
  expect(home.processes().filter(({role}) => role === 'host')).toEqual([])
  await home.holdfast(['run', '--session', id, '--', 'echo more'])
  await watcher.waitFor(/^more$/m)
})

test('what another client does says from whom it is, on the screen and in show', async () => {
  await using home = createHome()
  await using server = await startServer(home)
  await using tui = await openTui(home)
  await tui.submit('echo mine')
  await tui.waitFor(/^mine$/m)
  const [{id}] = await sessionsOf(home)
  await home.holdfast([...server.optionsFor(), 'run', '--session', id, '--', 'echo yours'])
  await tui.waitFor(/^yours$/m)
  expect(Buffer.from(tui.bytes).toString()).toMatch(/echo yours.*from token/)
  const {stdout} = await home.holdfast(['show', id])
  expect(stdout).toMatch(/^❯ echo mine\nmine\n.*\nfrom token:\n❯ echo yours\n/ms)
  expect((await home.holdfast(['export', id])).stdout).toContain('## Prompt from token\n')
})

test('a served gateway tells a client of another protocol both versions', async () => {
  await using home = createHome()
  await using server = await startServer(home)
  const peer = createConnection(await connectWebSocket(server.url, {token}))
  const events: unknown[] = []
  peer.subscribe('event', (event) => void events.push(event))
  peer.notify('client.hello', {protocol: 9, version: '9.9.9'})
  const message = 'The client (version 9.9.9) speaks protocol 9, this program speaks 2: update the older of the two'
  expect(await peer.closed).toMatchObject({by: 'peer', message: expect.stringContaining(message)})
  expect(readRefusal(events[1])).toEqual({code: errorCodes.protocolMismatch, message})
  // The next one is served.
  const next = createConnection(await connectWebSocket(server.url, {token}))
  next.notify('client.hello', {protocol: 2, version: '0.1.0'})
  expect(await next.request('session.list')).toEqual({sessions: []})
  await next.close()
})
