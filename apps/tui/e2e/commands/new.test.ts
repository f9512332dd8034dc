import {readFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {eventsOf} from '../support/events-of.ts'
import {createHome, type Home} from '../support/home.ts'
import {addScriptedAgent} from '../support/scripted-agent.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui} from '../support/tui.ts'

async function create(home: Home, ...args: string[]): Promise<string> {
  const {stdout, stderr, exitCode} = await home.holdfast(['new', ...args])
  expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 0})
  expect(stdout).toMatch(/^[0-9a-z]{10}\n$/)
  return stdout.trim()
}
const drive = async (home: Home, ...args: string[]) =>
  expect(await home.holdfast(args)).toMatchObject({stderr: '', exitCode: 0})

test('a session with a program runs it without a shell, and ends with it', async () => {
  need('vim')
  await using home = createHome()
  const id = await create(home, '--size', '60x10', '--env', 'NAME=Ada', '--', 'vim', '-u', 'NONE', '-N', 'a b.txt')
  await drive(home, 'wait', id, '--text', '"a b.txt" [New]')
  await drive(home, 'keys', id, '--', ':put =$NAME', 'Enter', 'o', 'second', 'Escape')
  await drive(home, 'wait', id, '--text', 'Ada\nsecond')
  const {stdout} = await home.holdfast(['snapshot', id, '--format', 'json'])
  expect(JSON.parse(stdout)).toMatchObject({cols: 60, rows: 10, is_alternate: true})
  await drive(home, 'keys', id, '--', ':wq', 'Enter')
  await drive(home, 'wait', id, '--exit')
  expect(readFileSync(`${home.project}/a b.txt`, 'utf8')).toBe('\nAda\nsecond\n')
  const events = await eventsOf(home, id)
  expect(events.find(({type}) => type === 'message.start')).toMatchObject({payload: {text: "vim -u NONE -N 'a b.txt'"}})
  expect(events.at(-1)).toMatchObject({type: 'session.closed', payload: {reason: 'command-ended'}})
})

test('a session with a program takes its input, and no prompt', async () => {
  await using home = createHome()
  const id = await create(home, '--', 'sh', '-c', 'read -r line; echo "got $line"; exit 3')
  const refused = await home.holdfast(['run', '--session', id, '--', 'true'])
  expect(refused.stderr).toContain('the session runs one program, and takes no prompts: send its input, or press keys')
  expect(refused.exitCode).not.toBe(0)
  await using tui = await openTui(home, ['--resume', id])
  await tui.waitFor('Enter answers the program · Ctrl-D ends input')
  await drive(home, 'send', id, 'a line')
  const waited = await home.holdfast(['wait', '--json', id, '--exit'])
  expect(JSON.parse(waited.stdout)).toMatchObject({result: {timed_out: false, status: 'complete', exit_code: 3}})
  const {stdout} = await home.holdfast(['show', id])
  expect(stdout).toContain('got a line')
  const events = await eventsOf(home, id)
  expect(events.find(({type}) => type === 'message.complete')).toMatchObject({payload: {exit_code: 3}})
})

test('without a program it has a shell, with the title, the tags and the variables that were given', async () => {
  await using home = createHome()
  const id = await create(home, '--title', 'A build', '--tag', 'ci', '--env', 'NAME=a=b', '--cwd', '/usr')
  const {stdout} = await home.holdfast(['run', '--session', id, '--', 'pwd; echo "$NAME"'])
  expect(stdout).toBe('/usr\na=b\n')
  expect((await home.holdfast(['ls'])).stdout).toMatch(/A build/)
})

test('it has the shell or the agent that is named', async () => {
  need('dash')
  await using home = createHome()
  addScriptedAgent(home)
  const shell = await create(home, '--shell', 'dash')
  expect((await home.holdfast(['run', '--session', shell, '--', 'echo "$0"'])).stdout).toMatch(/dash\n$/)
  const agent = await create(home, '--agent', 'scripted')
  expect((await home.holdfast(['run', '--session', agent, '--', 'hello'])).stdout).toContain('echo: hello')
  expect((await sessionsOf(home)).map((session) => session.agent)).toEqual(['scripted', 'shell'])
})

test('what cannot be created is refused, and nothing is left', async () => {
  await using home = createHome()
  const missing = await home.holdfast(['new', '--', 'no-such-program'])
  expect(missing.stderr).toContain('the program `no-such-program` was not found')
  expect(missing.exitCode).toBe(1)
  expect(await home.holdfast(['new', '--env', 'NAME', '--', 'true'])).toMatchObject({exitCode: 2})
  expect(await home.holdfast(['new', '--shell', 'bash', '--', 'true'])).toMatchObject({exitCode: 2})
  expect((await home.holdfast(['ls'])).stdout).toContain('No sessions yet')
})
