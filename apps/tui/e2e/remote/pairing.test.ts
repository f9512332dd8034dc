import {readFileSync} from 'node:fs'
import {connect} from 'node:net'

import {homePaths} from '@holdfast/event-log'
import {expect, test} from 'vitest'

import {createBrowser, type BrowserSocket} from '../support/browser.ts'
import {filesWith} from '../support/files-with.ts'
import {createHome, type Home} from '../support/home.ts'
import {startServer} from '../support/serve.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTerminal} from '../support/terminal.ts'

/** `holdfast pair` in a terminal, which shows a code. */
async function openPair(home: Home, args: readonly string[] = [], size: {cols?: number; rows?: number} = {}) {
  const [command, ...rest] = home.launch(home.project, ['pair', ...args])
  const terminal = await openTerminal({command, args: rest, env: home.env, cwd: home.project, rows: 40, ...size})
  await terminal.waitFor('Waiting for the device')
  const code = /Code: (\S+),/.exec(terminal.screen())?.[1] ?? ''
  return Object.assign(terminal, {code})
}

async function codeOf(home: Home, ...args: string[]): Promise<string> {
  const {stdout} = await home.holdfast(['pair', '--json', ...args])
  return (JSON.parse(stdout) as {result: {code: string}}).result.code
}

function opened(result: BrowserSocket | number): BrowserSocket {
  if (typeof result === 'number') throw new Error(`Expected an open socket, got status ${result}`)
  return result
}

test('a phone is paired by the code in the terminal, works, and is disconnected when it is revoked', async () => {
  await using home = createHome()
  await using server = await startServer(home, {args: ['--web']})
  await using terminal = await openPair(home)
  const {code} = terminal
  expect(terminal.screen()).toContain(`${server.url.replace('ws', 'http')}/#pair=${code}`)
  expect(terminal.screen()).toMatch(/█▀▀▀▀▀█.*█▀▀▀▀▀█/)

  const phone = createBrowser(server.url)
  expect(await phone.connect()).toBe(401)
  expect(await phone.pair(code, 'phone')).toMatchObject({status: 200, body: {name: 'phone', read_only: false}})
  await terminal.waitFor('Paired: phone')
  expect(await terminal.exited).toBe(0)
  expect((await createBrowser(server.url).pair(code, 'thief')).status).toBe(403)

  const socket = opened(await phone.connect())
  expect(await socket.request('session.create', {cwd: home.project})).toHaveProperty('result.session_id')
  expect(await sessionsOf(home)).toHaveLength(1)
  expect((await home.holdfast(['devices'])).stdout).toMatch(/^DEVICE +ACCESS +SEEN +UNTIL\nphone +full +now +\d/)

  const revoked = await home.holdfast(['devices', 'revoke', 'phone'])
  expect(revoked).toMatchObject({stdout: 'Revoked: phone\n', stderr: '', exitCode: 0})
  expect(await socket.closed).toBe('this device was revoked or has expired')
  expect(await phone.connect()).toBe(401)
  expect((await phone.ask('GET', '/device')).status).toBe(401)
  expect(await home.holdfast(['devices', '--json'])).toMatchObject({stdout: '', exitCode: 0})
})

test('a device that may only look sees sessions, and changes nothing', async () => {
  await using home = createHome()
  await using server = await startServer(home, {args: ['--web']})
  const phone = createBrowser(server.url)
  await phone.pair(await codeOf(home, '--read-only', '--expires', '7d', '--name', 'kitchen'), 'phone')
  const device = await phone.ask('GET', '/device')
  expect(device.body).toMatchObject({name: 'kitchen', read_only: true})
  const {expires_at} = device.body as {expires_at: number}
  expect(expires_at - Date.now()).toBeLessThanOrEqual(7 * 86_400_000)
  const socket = opened(await phone.connect())
  expect(await socket.request('session.list')).toMatchObject({result: {sessions: []}})
  const refused = await socket.request('session.create', {cwd: home.project})
  expect(refused.error?.message).toContain('kitchen may only look')
  expect(await socket.request('session.list')).toMatchObject({result: {sessions: []}})
})

test('a server that is read-only lets nobody change anything', async () => {
  await using home = createHome()
  await using server = await startServer(home, {args: ['--read-only']})
  expect(await home.holdfast(['ls', ...server.optionsFor()])).toMatchObject({exitCode: 0, stderr: ''})
  const refused = await home.holdfast(['run', ...server.optionsFor(), '--', 'echo hello'])
  expect(refused).toMatchObject({stdout: '', stderr: expect.stringContaining('may only look') as string})
  expect(refused.exitCode).not.toBe(0)
})

test('where the terminal is too narrow for a QR code, that is said, and Ctrl-C ends the waiting', async () => {
  await using home = createHome()
  await using server = await startServer(home, {args: ['--web']})
  await using terminal = await openPair(home, [], {cols: 36})
  expect(terminal.screen()).toMatch(/^No QR code: it needs 37 columns, and/)
  expect(terminal.screen()).not.toContain('█')
  terminal.press('ctrl-c')
  expect(await terminal.exited).toBe(130)
  expect((await createBrowser(server.url).pair(terminal.code, 'phone')).status).toBe(200)
})

test('pair and devices say what to do where there is nothing', async () => {
  await using home = createHome()
  expect(await home.holdfast(['pair'])).toMatchObject({
    stdout: '',
    stderr: 'holdfast: no page of this home is served: start `holdfast serve --web`, or say where it is with --url\n',
    exitCode: 1,
  })
  expect((await home.holdfast(['devices'])).stdout).toBe('No devices yet: `holdfast pair` lets one in\n')
  expect(await home.holdfast(['devices', 'revoke', 'my', 'phone'])).toMatchObject({
    stderr: 'holdfast: there is no device `my phone`: `holdfast devices` lists them\n',
    exitCode: 1,
  })
  expect((await home.holdfast(['pair', '--url', 'https://desk.test', '--json'])).stdout).toMatch(
    /"url":"https:\/\/desk\.test\/#pair=[\w-]{9}"/,
  )
  for (const [option, value] of [
    ['--expires', '401d'],
    ['--url', 'https://desk.test/path'],
  ] as const) {
    expect(await home.holdfast(['pair', option, value])).toMatchObject({exitCode: 2, stdout: ''})
  }
})

test('no code and no token of a device is in a file or in the arguments of a process', async () => {
  await using home = createHome()
  await using server = await startServer(home, {args: ['--web']})
  await using terminal = await openPair(home)
  const phone = createBrowser(server.url)
  const {headers} = await phone.pair(terminal.code, 'phone')
  const token = /=([^;]+)/.exec(headers['set-cookie']?.[0] ?? '')?.[1] ?? ''
  expect(token).toHaveLength(43)
  await terminal.exited
  await phone.pair(terminal.code, 'again')
  for (const secret of [terminal.code, terminal.code.replace('-', ''), token])
    expect(filesWith(home, secret)).toEqual([])
  const {crashLog} = homePaths(home.state)
  const events = readFileSync(crashLog, 'utf8')
    .split('\n')
    .filter((line) => /device-paired|pairing-refused/.test(line))
  expect(events).toHaveLength(2)
  expect(events[0]).toContain('"device":"phone"')
})

test('a flood of pairings and of idle connections hurts nobody who is paired, and is a few lines in the log', async () => {
  await using home = createHome()
  await using server = await startServer(home, {args: ['--web']})
  const phone = createBrowser(server.url)
  await phone.pair(await codeOf(home), 'phone')
  const socket = opened(await phone.connect())
  const port = Number(new URL(server.url).port)
  const idle = Array.from({length: 1000}, () => {
    const connection = connect(port, '127.0.0.1')
    return connection.on('error', () => {}).on('connect', () => connection.write('GET / HTTP/1.1\r\nHost: '))
  })
  const thief = createBrowser(server.url)
  const statuses = new Set<number | undefined>()
  for (let count = 0; count < 300; count++) {
    // One of the idle ones may push it out.
    const answer = await thief.ask('POST', '/pair', {code: 'AAAA-AAAA', name: 'x'}).catch(() => undefined)
    statuses.add(answer?.status)
  }
  expect(statuses).toContain(429)
  expect(await socket.request('gateway.ping')).toMatchObject({result: {}})
  for (const connection of idle) connection.destroy()
  opened(await phone.connect())
  const lines = readFileSync(homePaths(home.state).crashLog, 'utf8').split('\n')
  expect(lines.filter((line) => line.includes('pairing-refused')).length).toBeLessThan(100)
})
