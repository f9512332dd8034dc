import {writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {errorCodes} from '@holdfast/protocol'
import {describe, expect, test} from 'vitest'

import {openCodingSession, type CodingSession} from './fixtures/coding-session.ts'

/** Runs a prompt to its end. */
async function run(session: CodingSession, promptId: string, text: string) {
  await session.submit(promptId, text)
  return await session.ended(promptId)
}

describe('a command in a session with a coding agent', () => {
  test('runs in a shell that lives on, in a folder of its own', async () => {
    const session = await openCodingSession()
    const {info} = await session.state()
    expect(await run(session, 'p1', '!cd /usr && NAME=Ada && exit_with() { return 3; }; exit_with')).toMatchObject({
      status: 'complete',
      exit_code: 3,
      cwd: '/usr',
    })
    const second = await run(session, 'p2', '! echo $NAME in $PWD')
    expect(second).toMatchObject({status: 'complete', exit_code: 0})
    expect(second).not.toHaveProperty('cwd')
    expect(session.said('p2')).toBe('Ada in /usr\r\n')
    expect(session.of('message.start')).toMatchObject([
      {prompt_id: 'p1', in_shell: true, cwd: info.cwd},
      {prompt_id: 'p2', in_shell: true, cwd: '/usr', text: '! echo $NAME in $PWD'},
    ])
    expect((await session.state()).info.cwd).toBe(info.cwd)
    await run(session, 'p3', 'hello')
    expect(session.said('p3')).toBe('echo: hello')
    expect(session.of('message.start')[2]).toEqual({prompt_id: 'p3', text: 'hello', cwd: info.cwd})
  })

  test('reads what the user types', async () => {
    const session = await openCodingSession()
    await session.submit('p1', '!printf "name: "; read name; echo "hello $name"')
    await session.seen('message.delta', ({text}) => text?.includes('name: ') === true)
    await session.request('session.input', {prompt_id: 'p1', text: 'Ada\n'})
    await session.ended('p1')
    expect(session.said('p1')).toContain('hello Ada\r\n')
  })

  test('ends with Ctrl-C', async () => {
    const session = await openCodingSession()
    await session.submit('p1', '!echo begun; sleep 300')
    await session.seen('message.delta')
    await session.request('session.interrupt', {})
    expect(await session.ended('p1')).toMatchObject({status: 'interrupted', reason: 'user', exit_code: 130})
  })

  test('may print in the background', async () => {
    const session = await openCodingSession()
    await run(session, 'p1', '!mkfifo go; { read -r line < go; echo "late $line"; } &')
    writeFileSync(join(session.home, 'go'), 'line\n')
    await session.seen('background.output', ({text}) => text?.includes('late line') === true)
  })

  test('can have the terminal of a client; the agent has none', async () => {
    const session = await openCodingSession()
    await session.submit('p1', '!cat')
    await session.seen('message.start')
    const attach = (attach_id: string) => session.request('attach.start', {attach_id, cols: 80, rows: 24})
    await attach('a')
    await session.request('session.input', {text: '\u0004'})
    await session.ended('p1')
    expect(session.of('attach.end')).toMatchObject([{prompt_id: 'p1', attach_id: 'a', reason: 'program-ended'}])
    await session.submit('p2', 'wait')
    await session.seen('message.delta', ({prompt_id}) => prompt_id === 'p2')
    await expect(attach('b')).rejects.toMatchObject({code: errorCodes.notAllowed})
    await session.request('session.interrupt', {})
    await session.ended('p2')
  })

  test('that ends its shell says so; the next one gets a new shell', async () => {
    const session = await openCodingSession()
    expect(await run(session, 'p1', '!exit 4')).toMatchObject({status: 'complete', exit_code: 4})
    expect(await session.seen('shell.exited')).toEqual({exit_code: 4})
    expect(await run(session, 'p2', '!true')).toMatchObject({exit_code: 0})
  })

  test('is completed, and asked for more lines', async () => {
    const session = await openCodingSession()
    writeFileSync(join(session.home, 'notes.md'), '')
    await run(session, 'p1', '!true')
    expect(await session.request('prompt.complete', {text: '! cat not'})).toMatchObject({
      start: '! cat '.length,
      candidates: [{label: 'notes.md'}],
    })
    expect(await session.request('prompt.check', {text: '!echo "'})).toMatchObject({incomplete: true})
    expect(await session.request('prompt.check', {text: 'Say "'})).toMatchObject({incomplete: false})
  })
})

describe('the output of a command', () => {
  test('goes to the agent with the next prompt, once, as plain text', async () => {
    const session = await openCodingSession()
    await run(session, 'p1', String.raw`!!printf '\033[31mred\033[0m\n'; exit_with() { return 2; }; exit_with`)
    expect(session.of('prompt.shared')).toEqual([{prompt_id: 'p1'}])
    await run(session, 'p2', 'hello')
    const command = String.raw`printf '\033[31mred\033[0m\n'; exit_with() { return 2; }; exit_with`
    expect(session.said('p2')).toBe(`echo: The user ran \`${command}\` (exit 2):\nred\n\nhello`)
    expect(session.of('message.start').at(-1)).toMatchObject({prompt_id: 'p2', text: 'hello'})
    await run(session, 'p3', 'again')
    expect(session.said('p3')).toBe('echo: again')
  })

  test('goes along when the user wants that afterwards, also in another host', async () => {
    const session = await openCodingSession()
    await run(session, 'p1', '!echo one')
    await session.killHost()
    expect(await run(session, 'p2', '!!')).toMatchObject({status: 'complete'})
    await run(session, 'p3', '!! true')
    await session.killHost()
    await run(session, 'p4', 'hello')
    expect(session.said('p4')).toBe(
      'echo: The user ran `echo one` (exit 0):\none\n\nThe user ran `true` (exit 0). It printed nothing.\n\nhello',
    )
  })

  test('mentions no files; the text of the user does', async () => {
    const session = await openCodingSession()
    writeFileSync(join(session.home, 'notes.md'), 'Remember')
    await run(session, 'p1', '!!echo see @notes.md')
    await run(session, 'p2', 'look at @notes.md')
    expect(session.said('p2')).toBe(
      'echo: The user ran `echo see @notes.md` (exit 0):\nsee @notes.md\n\nlook at [resource]',
    )
  })

  test('that is long is cut at its beginning', async () => {
    const session = await openCodingSession()
    await run(session, 'p1', '!!seq 100000')
    await run(session, 'p2', 'hello')
    const said = session.said('p2')
    expect(said).toMatch(/^echo: The user ran `seq 100000` \(exit 0\)\. The end of its output:\n\d+\n/)
    expect(said).toMatch(/\n99999\n100000\n\nhello$/)
    expect(said.length).toBeGreaterThan(65_000)
    expect(said.length).toBeLessThan(65_536 + 100)
  })

  test('that does not exist cannot be shared', async () => {
    const session = await openCodingSession()
    expect(await run(session, 'p1', '!!')).toMatchObject({
      status: 'failed',
      reason: 'No command has run in this session: `!command` runs one',
    })
  })
})

describe('a host that is killed', () => {
  test('in a command of the shell leaves what was printed; the shell is gone, and so is its folder', async () => {
    const session = await openCodingSession()
    const {info} = await session.state()
    await run(session, 'p1', '!cd /usr')
    await session.submit('p2', '!!echo begun; sleep 300')
    await session.seen('message.delta', ({prompt_id}) => prompt_id === 'p2')
    await session.killHost()
    expect(await session.ended('p2')).toMatchObject({status: 'interrupted', reason: 'host-died'})
    expect(session.of('shell.exited')).toEqual([{}])
    await run(session, 'p3', '!pwd')
    expect(session.said('p3')).toBe(`${info.cwd}\r\n`)
    await run(session, 'p4', 'hello')
    expect(session.said('p4')).toBe(
      'echo: The user ran `echo begun; sleep 300` (interrupted: host-died):\nbegun\n\nhello',
    )
  })

  test('between two commands has lost its shell; one without a shell has not', async () => {
    const session = await openCodingSession()
    await run(session, 'p1', 'hello')
    await session.killHost()
    expect(session.of('shell.exited')).toEqual([])
    await run(session, 'p2', '!true')
    await run(session, 'p3', 'hello')
    await session.killHost()
    expect(session.of('shell.exited')).toEqual([{}])
    await session.killHost()
    expect(session.of('shell.exited')).toEqual([{}])
  })
})
