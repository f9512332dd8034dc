import {chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {protocolVersion} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {cli, createHome, type Home} from '../support/home.ts'
import {findProcess} from '../support/processes.ts'
import {openTerminal} from '../support/terminal.ts'
import {openTui, type Tui} from '../support/tui.ts'
import {until} from '../support/until.ts'

/** The default timeout of requests. */
const requestTimeoutMs = 30_000

const fakeGateway = fileURLToPath(new URL('../fixtures/fake-gateway.ts', import.meta.url))

test('ls uses the gateway that HOLDFAST_GATEWAY names', async () => {
  await using home = createHome()
  const {stdout, exitCode} = await home.holdfast(['ls', '--json'], {env: {HOLDFAST_GATEWAY: fakeGateway}})
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({id: 'abcde00000', title: 'loud', agent: 'shouter', state: 'idle'})
})

test('the TUI uses the gateway that HOLDFAST_GATEWAY names', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {env: {HOLDFAST_GATEWAY: fakeGateway}})
  await tui.waitFor('loud · shouter · / · idle')
  await tui.submit('is anybody there?')
  await tui.waitFor(/^✓/m)
  expect(tui.outputOf('is anybody there?')).toEqual(['IS ANYBODY THERE?!'])
  await tui.submitLast('/quit')
  expect(await tui.exited).toBe(0)
})

test('a question of the agent is shown with its choices, after a crash of the gateway and of the TUI, too, and answered by key', async () => {
  await using home = createHome()
  const env = {HOLDFAST_GATEWAY: fakeGateway}
  const question = [' ALLOW?  Delete it?', '  1. Allow once', '  2. Always allow', '  3. Deny']
  const isAsked = (tui: Tui) => tui.waitFor(() => tui.screen().includes(question.join('\n')))

  await using first = await openTui(home, [], {env})
  await first.submit('ask')
  await isAsked(first)
  await first.waitFor(/waiting for you \d+ s/)
  process.kill(Number(readFileSync(`${home.project}/fake-gateway.pid`, 'utf8')), 'SIGKILL')
  await first.waitFor(/was restarted/)
  await isAsked(first)
  process.kill(first.pid, 'SIGKILL')
  await first.exited

  await using tui = await openTui(home, ['--resume', 'abcde00000'], {env})
  await isAsked(tui)
  await tui.waitFor('1–3 answers')
  tui.type('2')
  await tui.waitFor(/^✓/m)
  expect(tui.outputOf('ask')).toEqual(['? Delete it? · you: Always allow', 'You chose always'])
  expect(tui.screen()).not.toContain('ALLOW?')
})

test('run and talk say where to answer a question of the agent', async () => {
  await using home = createHome()
  const env = {HOLDFAST_GATEWAY: fakeGateway}
  const question = /the agent asks: Delete it\? \(Allow once, Always allow, Deny\)/
  const run = home.startHoldfast(['run', '--', 'ask'], {env})
  await until(() => run.stderr.endsWith('--resume abcde00000`\n'), {what: 'the question on stderr'})
  expect(run.stderr).toMatch(question)
  run.child.kill('SIGTERM')
  await run.ended
  const talk = home.startHoldfast(['talk', 'ask'], {env})
  await until(() => talk.stderr.endsWith('--resume abcde00000\n'), {what: 'the question on stderr'})
  expect(talk.stderr).toMatch(question)
  talk.child.kill('SIGTERM')
  await talk.ended
})

test('run and talk do not wait for ever for an end that cannot be read', async () => {
  await using home = createHome()
  const env = {HOLDFAST_GATEWAY: fakeGateway}
  const folders = ['one', 'two'].map((name) => `${home.project}/${name}`)
  for (const folder of folders) mkdirSync(folder)
  const [run, talk] = await Promise.all([
    home.holdfast(['run', '--', 'mangle'], {env, cwd: folders[0]!}),
    home.holdfast(['talk', 'mangle'], {env, cwd: folders[1]!}),
  ])
  expect([run.exitCode, run.stdout]).toEqual([1, 'MANGLE!\n'])
  expect(run.stderr).toMatch(
    /cannot be read: exit_code[^]*\nholdfast: the command has ended, but its exit status cannot be read\n$/,
  )
  expect(talk.stdout).toBe('MANGLE!\n')
  expect(talk.stderr).toMatch(/cannot be read: exit_code/)
  expect(talk.exitCode).not.toBe(0)
})

test('noise between messages costs no event, and is reported', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {env: {HOLDFAST_GATEWAY: fakeGateway}})
  await tui.submit('garble')
  await tui.waitFor(/^✓/m)
  expect(tui.outputOf('garble')).toEqual(['GARBLE!'])
  await tui.waitFor(/The gateway sent noise/)
  await tui.waitFor('loud · shouter · / · idle')
})

test('output of another prompt is not drawn into the current run', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {env: {HOLDFAST_GATEWAY: fakeGateway}})
  await tui.submit('mix')
  await tui.waitFor(/^✓/m)
  expect(tui.outputOf('mix')).toEqual(['Output of another prompt arrived, and is not shown here.', 'MIX!'])
})

test('the reason for an unreachable session is shown completely, until /restart reaches it', async () => {
  await using home = createHome()
  await using tui = await openTui(home, [], {env: {HOLDFAST_GATEWAY: fakeGateway}})
  await tui.submit('vanish')
  await tui.waitFor('loud · shouter · / · detached · /restart tries again')
  expect(tui.screen().replaceAll(/\s+/g, ' ')).toContain(`The agent has gone ${'far '.repeat(30)}away`)
  await tui.submit('/restart')
  await tui.waitFor('loud · shouter · / · idle')
  expect(tui.screen()).not.toContain('far far')
})

test.for([
  [
    'sends invalid answers',
    `say '{"jsonrpc":"2.0","id":'$id',"result":{"sessions":5}}'`,
    /sent an invalid answer.*sessions/,
    9,
  ],
  ['dies when it is asked', 'echo "the disk is full" >&2; exit 9', /gateway.*the disk is full/, 6],
] as const)('a gateway that %s is one clear line', async ([_what, act, message, status]) => {
  await using home = createHome()
  const {exitCode, stdout, stderr} = await home.holdfast(['ls'], {env: {HOLDFAST_GATEWAY: scriptedGateway(home, act)}})
  expect({exitCode, stdout}).toEqual({exitCode: status, stdout: ''})
  expect(stderr).toMatch(/^holdfast: [^\n]+\n$/)
  expect(stderr).toMatch(message)
})

test.for([
  ['--timeout', 124, ['--timeout', '500'], undefined],
  ['SIGTERM', 143, [], 'SIGTERM'],
  ['Ctrl-C', 130, [], 'SIGINT'],
] as const)('%s ends a run whose gateway answers nothing', async ([_what, status, options, signal]) => {
  await using home = createHome()
  const gateway = scriptedGateway(home, 'touch asked')
  const run = home.startHoldfast(['run', ...options, '--', 'true'], {env: {HOLDFAST_GATEWAY: gateway}})
  // A busy machine may need all of the timeout before the request.
  if (signal !== undefined) await until(() => existsSync(`${home.project}/asked`), {what: 'a request'})
  const waitedFrom = performance.now()
  if (signal !== undefined) run.child.kill(signal)
  const {exitCode, stdout, stderr} = await run.ended
  expect({exitCode, stdout}).toEqual({exitCode: status, stdout: ''})
  expect(stderr).toBe(signal === undefined ? 'holdfast: timed out before a session was created\n' : '')
  // Before the request times out.
  expect(performance.now() - waitedFrom).toBeLessThan(requestTimeoutMs / 2)
})

test.for(['ls', 'run -- true'])(
  '%s leaves no gateway behind, even if it does not exit with its stdin',
  async (command) => {
    await using home = createHome()
    const gateway = `${home.project}/gateway`
    writeFileSync(gateway, `#!/bin/sh\necho $$ > pid\n'${process.execPath}' '${cli}' gateway\nexec sleep 600\n`)
    chmodSync(gateway, 0o755)
    const {exitCode} = await home.holdfast(command.split(' '), {env: {HOLDFAST_GATEWAY: gateway}})
    expect(exitCode).toBe(0)
    const pid = Number(readFileSync(`${home.project}/pid`, 'utf8'))
    await until(() => findProcess(pid) === undefined, {what: 'an end of the gateway'})
  },
)

test('a missing gateway is one line on stderr, for a command and for the TUI', async () => {
  await using home = createHome()
  const env = {HOLDFAST_GATEWAY: '/no/such/gateway'}
  const {exitCode, stdout, stderr} = await home.holdfast(['ls'], {env})
  expect({exitCode, stdout}).toEqual({exitCode: 6, stdout: ''})
  expect(stderr).toMatch(/^holdfast: [^\n]*\/no\/such\/gateway[^\n]*\n$/)

  // It may exit before its composer appears.
  await using tui = await openTerminal({
    command: process.execPath,
    args: [cli],
    env: {...home.env, ...env},
    cwd: home.project,
  })
  expect(await tui.exited).toBe(6)
  expect(tui.scrollback()).toMatch(/^holdfast: .*\/no\/such\/gateway/m)
  expect(tui.modes()).toEqual(tui.modesBefore)
})

test('ls tries a gateway that dies at once three more times, then prints its last line', async () => {
  await using home = createHome()
  const gateway = `${home.project}/gateway`
  writeFileSync(gateway, '#!/bin/sh\necho start >> starts\necho "the disk is full" >&2\nexit 9\n')
  chmodSync(gateway, 0o755)
  const {exitCode, stderr} = await home.holdfast(['ls'], {env: {HOLDFAST_GATEWAY: gateway}})
  expect(exitCode).toBe(6)
  expect(stderr).toMatch(/^holdfast: [^\n]*the disk is full[^\n]*\n$/)
  expect(readFileSync(`${home.project}/starts`, 'utf8')).toBe('start\n'.repeat(4))
})

/** A gateway that greets, then runs `act` on the first request; `say` answers, `$id` is the id of the request. */
function scriptedGateway(home: Home, act: string): string {
  const file = `${home.project}/gateway`
  const greeting = {type: 'gateway.ready', payload: {protocol: protocolVersion, version: 'scripted'}}
  writeFileSync(
    file,
    `#!/bin/sh
say() { printf '%s\\n' "$1"; }
say '${JSON.stringify({jsonrpc: '2.0', method: 'event', params: greeting})}'
while read -r request; do case $request in *'"id"'*) break;; esac; done
id=$(printf %s "$request" | sed 's/.*"id":\\([0-9]*\\).*/\\1/')
${act}
while read -r request; do :; done
`,
  )
  chmodSync(file, 0o755)
  return file
}
