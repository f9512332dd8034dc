import {execFileSync} from 'node:child_process'
import {mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'

import {decode} from 'fast-png'
import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome, type Home} from '../support/home.ts'
import {startMcp, type McpClient} from '../support/mcp.ts'
import {until} from '../support/until.ts'

test('an agent opens a shell, runs commands in it, and reads the end and the beginning of a long output', async () => {
  await using home = createHome()
  await using mcp = await startMcp(home)
  const session = await openShell(mcp)

  const failed = await mcp.call('run', {session, command: 'mkdir sub; cd sub; echo one; false'})
  expect(failed.facts).toMatchObject({session, status: 'complete', exit_code: 1, cwd: `${home.project}/sub`})
  expect(failed.text).toBe('one\n')

  const long = await mcp.call('run', {session, command: 'basename $PWD; seq 20000', max_output: 300})
  expect(long.facts).toMatchObject({exit_code: 0, output: 'beginning and end'})
  expect(long.text).toMatch(/^sub\n1\n2\n[^]*\n\[… \d+ characters are left out …\]\n[^]*\n20000\n$/)
  expect(long.text.length).toBeLessThan(400)

  const [, seq] = /after_seq (\d+)/.exec(String(long.facts['left_out']))!
  const rest = await mcp.call('read', {session, after_seq: Number(seq), max_output: 100_000})
  expect(rest.text).toMatch(/\n100\n101\n102\n/)
  expect(rest.facts).toMatchObject({has_more: true})

  const unfinished = await mcp.call('run', {session, command: 'for i in 1'})
  expect(unfinished.facts).toMatchObject({
    status: 'failed',
    reason: 'incomplete-input',
    what_next: expect.stringMatching(/^nothing of it has run/) as string,
  })
  const bad = await mcp.call('run', {session, comand: 'ls'})
  expect(bad.problem).toMatch(/command: .*expected string.*Unrecognized key: "comand"/)
  expect(await mcp.call('run', {session: '0000000000', command: 'ls'})).toMatchObject({
    problem: expect.stringMatching(/^There is no session 0000000000/),
  })
})

test('a run tells its progress, asks for input, goes on behind its timeout, and runs once for one id', async () => {
  await using home = createHome()
  await using mcp = await startMcp(home)
  const session = await openShell(mcp)
  const command = 'echo begun >> count; echo begun; read -p "name? " name; echo "hello $name"'

  const first = await mcp.call('run', {session, command, id: 'ask', timeout_ms: 300})
  expect(first.facts).toMatchObject({run: 'ask', status: 'running', what_next: expect.stringContaining('waits on')})
  await mcp.call('wait', {session, text: 'name?'})

  const messages: (string | undefined)[] = []
  const answered = mcp.call(
    'run',
    {session, command, id: 'ask'},
    {
      onprogress({message}) {
        messages.push(message)
        if (messages.length === 1) void mcp.call('input', {session, text: 'Ada', run: 'ask'})
      },
    },
  )
  expect((await answered).facts).toMatchObject({run: 'ask', status: 'complete', exit_code: 0})
  expect((await answered).text).toMatch(/^begun\nname\? (?:Ada)?\n?hello Ada\n$/)
  expect(messages[0]).toMatch(/^1 s: begun/)

  expect((await mcp.call('run', {session, command, id: 'ask'})).text).toBe((await answered).text)
  expect(readFileSync(`${home.project}/count`, 'utf8')).toBe('begun\n')
  expect((await mcp.call('run', {session, command: 'ls', id: 'ask'})).problem).toMatch(
    /was used before.*another command/,
  )
})

test('a wait after input does not find what was on the screen before that', async () => {
  await using home = createHome()
  await using mcp = await startMcp(home)
  execFileSync('mkfifo', [`${home.project}/go`])
  const program = ['sh', '-c', 'stty -echo; echo done; read name; read line < go; echo "$line $name"; read end']
  const {session} = (await mcp.call('open', {program})).facts
  await mcp.call('wait', {session, text: 'done'})
  const {screen_version: after} = (await mcp.call('input', {session, text: 'Ada'})).facts
  expect((await mcp.call('wait', {session, text: 'done', timeout_ms: 50})).problem).toBeUndefined()
  const early = await mcp.call('wait', {session, text: 'done', after, timeout_ms: 50})
  expect(early.problem).toMatch(/^the condition was not met within 50 ms/)
  writeFileSync(`${home.project}/go`, 'hello\n')
  expect((await mcp.call('wait', {session, text: 'done', after})).text).toBe('done\nhello Ada')
})

test('an agent edits a file with vim', async () => {
  need('vim')
  await using home = createHome()
  await using mcp = await startMcp(home)
  const opened = await mcp.call('open', {program: ['vim', '-u', 'NONE', 'notes.txt'], id: 'notes', cols: 60, rows: 10})
  expect(opened.facts).toMatchObject({status: 'running'})
  const session = opened.facts['session']
  await mcp.call('wait', {session, text: 'notes.txt'})
  await mcp.call('keys', {session, keys: ['i', 'hello', 'Escape']})
  const shown = await mcp.call('wait', {session, regex: '^hello$'})
  expect(shown.facts).toMatchObject({cols: 60, rows: 10, cursor: {row: 0, col: 4}, is_alternate: true})
  expect((await mcp.call('snapshot', {session})).text).toMatch(/^hello\n~\n/)
  const {content} = await mcp.client.callTool({name: 'screenshot', arguments: {session}})
  const [facts, picture] = content
  expect(facts).toMatchObject({type: 'text', text: expect.stringMatching(/^\{"session":.*"cols":60,"rows":10,/)})
  expect(picture).toMatchObject({type: 'image', mimeType: 'image/png'})
  const {width, height} = decode(Buffer.from((picture as {data: string}).data, 'base64'))
  expect([width, height]).toEqual([1088, 429])

  const late = await mcp.call('wait', {session, text: 'never', timeout_ms: 20})
  expect(late.problem).toMatch(/^the condition was not met within 20 ms/)
  expect(late.text).toMatch(/^hello\n~\n/)

  await mcp.call('keys', {session, keys: [':wq', 'Enter']})
  expect((await mcp.call('wait', {session, exit: true})).facts).toMatchObject({status: 'complete', exit_code: 0})
  expect(readFileSync(`${home.project}/notes.txt`, 'utf8')).toBe('hello\n')
  const again = await mcp.call('open', {program: ['vim', '-u', 'NONE', 'notes.txt'], id: 'notes'})
  expect(again.facts).toEqual({session, run: 'program', status: 'ended'})
})

test.each([
  ['2025-11-25', {}],
  ['2026-07-28', {revision: '2026-07-28'}],
])('a cancelled call interrupts its command; a client that leaves does not: %s', async (revision, options) => {
  await using home = createHome()
  await using mcp = await startMcp(home, options)
  expect(mcp.client.getNegotiatedProtocolVersion()).toBe(revision)
  const session = await openShell(mcp)
  const cancel = new AbortController()
  const running = mcp.call(
    'run',
    {session, command: 'echo begun; cat', id: 'cat'},
    {signal: cancel.signal, onprogress: () => cancel.abort()},
  )
  await expect(running).rejects.toThrow()
  await mcp.call('wait', {session, exit: true})
  const ended = await mcp.call('run', {session, command: 'echo begun; cat', id: 'cat'})
  expect(ended.facts).toMatchObject({status: 'interrupted', reason: 'user'})

  const left = await startMcp(home, options)
  const lost = left.call('run', {session, command: 'cat', id: 'stays'}).catch(() => undefined)
  await mcp.call('wait', {session, idle_ms: 1, timeout_ms: 5000})
  await until(async () => (await mcp.call('snapshot', {session})).facts['run'] === 'stays', {what: 'the run'})
  await left.client.close()
  await lost
  expect((await mcp.call('snapshot', {session})).facts).toMatchObject({run: 'stays'})
})

test('a run survives a SIGKILL of the gateway and of the server, and a SIGKILL of its host ends it as interrupted', async () => {
  await using home = createHome()
  const session = await (async () => {
    await using mcp = await startMcp(home)
    const id = await openShell(mcp)
    execFileSync('mkfifo', [`${home.project}/go`])
    const command = 'echo begun >> count; read line < go; echo "went $line"'
    const running = mcp.call('run', {session: id, command, id: 'once'})
    await until(() => countOf(home) === 1, {what: 'the begin of the command'})
    process.kill((await home.process('gateway')).pid, 'SIGKILL')
    await until(async () => (await mcp.call('snapshot', {session: id})).facts['run'] === 'once', {what: 'the session'})
    process.kill(mcp.pid, 'SIGKILL')
    await expect(running).rejects.toThrow()
    return id
  })()

  await using mcp = await startMcp(home)
  const command = 'echo begun >> count; read line < go; echo "went $line"'
  const again = mcp.call('run', {session, command, id: 'once'})
  writeFileSync(`${home.project}/go`, 'well\n')
  expect(await again).toMatchObject({facts: {status: 'complete', exit_code: 0}, text: 'went well\n'})
  expect(countOf(home)).toBe(1)

  const killed = mcp.call('run', {session, command, id: 'twice'})
  await until(() => countOf(home) === 2, {what: 'the begin of the second command'})
  process.kill((await home.process('host')).pid, 'SIGKILL')
  expect((await killed).facts).toMatchObject({status: 'interrupted', reason: 'host-died'})
  expect((await mcp.call('run', {session, command: 'echo on'})).text).toBe('on\n')
})

test('settings limit what an agent may do', async () => {
  await using home = createHome()
  mkdirSync(`${home.project}/allowed`)
  symlinkSync('/', `${home.project}/allowed/out`)
  const ofPerson = (await home.holdfast(['run', '--keep', '--', 'echo mine'])).exitCode
  expect(ofPerson).toBe(0)

  configure(home, {mcpFolders: [`${home.project}/allowed`]})
  {
    await using mcp = await startMcp(home)
    expect((await mcp.call('open', {})).problem).toMatch(/^expected a folder that the setting `mcpFolders` allows/)
    expect((await mcp.call('open', {cwd: 'allowed/out/tmp'})).problem).toMatch(/, got \/tmp$/)
    await openShell(mcp, 'allowed')
    const [own, others] = (await mcp.call('sessions', {})).text.split('\n').map((line) => JSON.parse(line))
    expect([own.access, others.access]).toEqual(['write', 'read'])
    expect((await mcp.call('read', {session: others.id})).text).toMatch(/^mine$/m)
    for (const [tool, args] of [
      ['run', {command: 'ls'}],
      ['input', {text: 'x'}],
      ['keys', {keys: ['x']}],
      ['close', {}],
    ] as const)
      expect((await mcp.call(tool, {session: others.id, ...args})).problem).toMatch(/^a person opened session/)
    await home.holdfast(['tag', others.id, 'mcp'])
    expect((await mcp.call('run', {session: others.id, command: 'echo handed over'})).text).toBe('handed over\n')
    await home.holdfast(['tag', others.id, '--remove', 'mcp'])
    expect((await mcp.call('run', {session: others.id, command: 'ls'})).problem).toMatch(/^a person opened session/)
  }

  configure(home, {mcpOtherSessions: 'none', mcpReadOnly: true})
  {
    await using mcp = await startMcp(home)
    const {tools} = await mcp.client.listTools()
    expect(tools.map(({name}) => name)).toEqual(['wait', 'snapshot', 'screenshot', 'read', 'sessions', 'search'])
    const lines = (await mcp.call('sessions', {})).text.split('\n')
    expect(lines).toHaveLength(1)
    expect((await mcp.call('search', {words: ['mine']})).facts).toMatchObject({hits: 0})
  }

  configure(home, {mcpReadOnly: 'yes'})
  expect(await home.holdfast(['mcp'])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/`mcpReadOnly` in .*; correct that, then start `holdfast mcp` again\n$/),
  })
})

async function openShell(mcp: McpClient, cwd?: string): Promise<string> {
  const {facts, problem} = await mcp.call('open', cwd === undefined ? {} : {cwd})
  expect(problem).toBeUndefined()
  return facts['session'] as string
}

function countOf(home: Home): number {
  try {
    return readFileSync(`${home.project}/count`, 'utf8').split('\n').length - 1
  } catch {
    return 0
  }
}

function configure(home: Home, settings: object): void {
  mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
  writeFileSync(`${home.user}/.config/holdfast/config.json`, JSON.stringify(settings))
}
