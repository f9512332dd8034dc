import {expect, test} from 'vitest'

import {isAlive} from './fixtures/is-alive.ts'
import {openCodingSession, type CodingSession} from './fixtures/coding-session.ts'

const printedBy = (session: CodingSession) =>
  session
    .of('terminal.output')
    .map(({text}) => text)
    .join('')

test('a command of the agent runs in a terminal: its output is in the log, its exit code goes to the agent', async () => {
  const session = await openCodingSession()
  await session.submit('p1', 'run test -t 1 && tput cols && pwd && echo $HOLDFAST_SESSION; exit 3')
  await session.ended('p1')
  const {session_id, info} = await session.state()
  expect(session.said('p1')).toBe(`80\n${info.cwd}\n${session_id}\n3`)
  const [started] = session.of('terminal.started')
  expect(started).toMatchObject({command: expect.stringContaining('tput cols') as string, cwd: info.cwd})
  expect(printedBy(session)).toBe(`80\r\n${info.cwd}\r\n${session_id}\r\n`)
  expect(session.of('terminal.exited')).toEqual([{terminal_id: started!.terminal_id, exit_code: 3}])
})

test('a command of the agent that does not exist ends with the shell’s message and code', async () => {
  const session = await openCodingSession()
  await session.submit('p1', 'run no-such-command --now')
  await session.ended('p1')
  expect(session.said('p1')).toMatch(/no-such-command: command not found\n127$/)
})

test('a command of the agent that reads its input gets the end of it: nobody can type there', async () => {
  const session = await openCodingSession()
  await session.submit('p1', 'run cat; echo read')
  await session.ended('p1')
  expect(session.said('p1')).toBe('read\n0')
})

test('a command ends with its agent', async () => {
  const session = await openCodingSession()
  await session.submit('p1', 'run trap "" HUP; echo $$; while :; do sleep 1; done')
  await session.seen('terminal.output')
  const pid = Number(printedBy(session))
  expect(isAlive(pid)).toBe(true)
  session.killAgent()
  await session.ended('p1')
  await expect.poll(() => isAlive(pid)).toBe(false)
  expect(await session.seen('terminal.exited')).toMatchObject({signal: 'SIGTERM'})
  // The host has ended it: the agent has left nothing behind.
  expect(session.of('agent.exited')).toEqual([{reason: 'its process was killed by SIGKILL'}])
})

test('a command ends with its session', async () => {
  const session = await openCodingSession()
  await session.submit('p1', 'run trap "" HUP; echo $$; while :; do sleep 1; done')
  await session.seen('terminal.output')
  const pid = Number(printedBy(session))
  await session.close()
  expect(isAlive(pid)).toBe(false)
})
