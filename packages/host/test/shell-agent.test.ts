import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {homedir, tmpdir} from 'node:os'
import {join} from 'node:path'

import {afterEach, expect, test, vi} from 'vitest'

import {createShellAgent, type Agent, type PromptOutcome} from '../src/index.ts'

const size = {cols: 80, rows: 24}
const agents: Agent[] = []
const folders: string[] = []

afterEach(async () => {
  await Promise.all(agents.splice(0).map((agent) => agent.close()))
  for (const folder of folders.splice(0)) rmSync(folder, {recursive: true, force: true})
  vi.unstubAllEnvs()
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-agent-'))
  folders.push(folder)
  return folder
}

function open(cwd: string): Agent {
  const agent = createShellAgent({cwd, size})
  agents.push(agent)
  return agent
}

async function run(agent: Agent, text: string): Promise<PromptOutcome & {output: string}> {
  const chunks: Uint8Array[] = []
  const outcome = await agent.prompt(text, {onStart() {}, onOutput: (data) => chunks.push(data), onApproval() {}})
  return {...outcome, output: Buffer.concat(chunks).toString()}
}

/** A home whose start file waits until the test lets it go on. */
function slowHome(): {letGo: () => void} {
  const home = newFolder()
  const gate = join(home, 'gate')
  writeFileSync(join(home, '.bashrc'), `until [ -e '${gate}' ]; do sleep 0.02; done\n`)
  vi.stubEnv('HOME', home)
  return {letGo: () => writeFileSync(gate, '')}
}

test('a shell that exits is replaced at the next prompt, in the last folder', async () => {
  const agent = open('/')
  expect(await run(agent, 'cd /usr')).toMatchObject({status: 'complete', exitCode: 0, cwd: '/usr'})
  expect(await run(agent, 'exit 3')).toMatchObject({status: 'complete', exitCode: 3, shellExited: {exitCode: 3}})
  expect(await run(agent, 'pwd')).toMatchObject({status: 'complete', output: '/usr\r\n'})
})

test('a shell that is killed fails its prompt, and says by what', async () => {
  expect(await run(open('/'), 'kill -KILL $$')).toMatchObject({
    status: 'failed',
    reason: 'shell-killed',
    signal: 'SIGKILL',
    shellExited: {signal: 'SIGKILL'},
  })
})

test('a prompt for a folder that is gone is not run elsewhere; the next one starts at home', async () => {
  const folder = newFolder()
  rmSync(folder, {recursive: true})
  const agent = open(folder)
  expect(await run(agent, 'rm -rf *')).toEqual({status: 'failed', reason: 'folder-gone', cwd: homedir(), output: ''})
  expect(await run(agent, 'pwd')).toMatchObject({output: `${homedir()}\r\n`})
})

test('Ctrl-C while the shell still starts keeps the prompt from running', async () => {
  const {letGo} = slowHome()
  const agent = open('/')
  const ended = run(agent, 'echo too late')
  agent.interrupt()
  letGo()
  expect(await ended).toEqual({status: 'interrupted', reason: 'user', output: ''})
})

test('closing does not wait for the start files', async () => {
  slowHome()
  const agent = open('/')
  const ended = expect(run(agent, 'true')).rejects.toThrow('was given up')
  await agent.close()
  await ended
})

test('a prompt that meets a shell that has just died runs in a new one', async () => {
  const agent = open('/')
  const {output} = await run(agent, 'echo $$; sleep 60 & disown')
  const pid = Number(/^(\d+)\r$/m.exec(output)?.[1])
  process.kill(pid, 'SIGKILL')
  // What it left behind holds its terminal: that is read for a moment longer.
  await expect.poll(() => existsSync(`/proc/${pid}`), {interval: 1}).toBe(false)
  expect(await run(agent, 'echo hello')).toMatchObject({status: 'complete', exitCode: 0, output: 'hello\r\n'})
})

test('what is typed for a prompt while its shell still starts is for its program', async () => {
  const {letGo} = slowHome()
  const agent = open('/')
  const running = run(agent, 'read one; read two; echo "$one and $two"')
  expect(agent.input(Buffer.from('this\n'))).toBe(true)
  expect(agent.input(Buffer.from('that\n'))).toBe(true)
  expect(() => agent.input(Buffer.alloc(1024 * 1024))).toThrow('Expected at most 1048576 bytes of unread input')
  letGo()
  expect(await running).toMatchObject({status: 'complete', output: expect.stringMatching(/this and that\r\n$/)})
  expect(agent.input(Buffer.from('late\n'))).toBe(false)
})
