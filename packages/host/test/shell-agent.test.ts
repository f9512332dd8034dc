import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {homedir, tmpdir} from 'node:os'
import {join} from 'node:path'

import {readProcesses} from '@holdfast/shell'
import {afterEach, expect, test, vi} from 'vitest'

import {need} from '../../../tooling/vitest/need.ts'
import type {ShellExited} from '../src/agent/agent.ts'
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
  const outcome = await agent.prompt(text, {
    onStart() {},
    onOutput: (data) => chunks.push(data),
    onText() {},
    onApproval() {},
  })
  return {...outcome, output: Buffer.concat(chunks).toString()}
}

/** A home whose start file waits until the test continues it. */
function slowHome(): {letGo: () => void} {
  const home = newFolder()
  const gate = join(home, 'gate')
  writeFileSync(join(home, '.bashrc'), `until [ -e '${gate}' ]; do sleep 0.02; done\n`)
  vi.stubEnv('HOME', home)
  return {letGo: () => writeFileSync(gate, '')}
}

test('the next prompt after an exit starts a new shell in the last folder', async () => {
  const agent = open('/')
  expect(await run(agent, 'cd /usr')).toMatchObject({status: 'complete', exitCode: 0, cwd: '/usr'})
  expect(await run(agent, 'exit 3')).toMatchObject({status: 'complete', exitCode: 3, shellExited: {exitCode: 3}})
  expect(await run(agent, 'pwd')).toMatchObject({status: 'complete', output: '/usr\r\n'})
})

test('close ends a background job that outlived its shell', async () => {
  const folder = newFolder()
  const agent = open(folder)
  await run(
    agent,
    `sh -c 'trap "" HUP; echo $$ > pid; while :; do sleep 60; done' & until [ -s pid ]; do sleep 0.05; done`,
  )
  await run(agent, 'exit')
  await run(agent, 'exit')
  await run(agent, 'true')
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
  const isAlive = () => readProcesses().has(pid)
  expect(isAlive()).toBe(true)
  await agent.close()
  expect(isAlive()).toBe(false)
})

test('a shell that dies between two prompts is told, once', async () => {
  const agent = open('/')
  const told = Promise.withResolvers<ShellExited>()
  let times = 0
  agent.onShellExited?.((exit) => {
    times++
    told.resolve(exit)
  })
  const {output} = await run(agent, 'echo $$')
  process.kill(Number(output), 'SIGKILL')
  expect(await told.promise).toEqual({exitCode: undefined, signal: 'SIGKILL'})
  await run(agent, 'exit 3')
  await run(agent, 'true')
  expect(times).toBe(1)
})

test('a shell that dies while the text of a prompt is checked is told, once, and the prompt runs in a new one', async () => {
  const agent = open('/')
  let times = 0
  agent.onShellExited?.(() => times++)
  const {output} = await run(agent, 'echo $$')
  process.kill(Number(output), 'SIGKILL')
  // Without a turn of the event loop: the agent learns of it during the check.
  while (existsSync(`/proc/${Number(output)}`));
  expect(await run(agent, '(echo hello)')).toMatchObject({status: 'complete', output: 'hello\r\n'})
  expect(times).toBe(1)
})

test('a killed shell fails its prompt, with the signal', async () => {
  expect(await run(open('/'), 'kill -KILL $$')).toMatchObject({
    status: 'failed',
    reason: 'shell-killed',
    signal: 'SIGKILL',
    shellExited: {signal: 'SIGKILL'},
  })
})

test('a prompt does not run if its folder is gone; the next one runs in the home directory', async () => {
  const folder = newFolder()
  rmSync(folder, {recursive: true})
  const agent = open(folder)
  expect(await run(agent, 'rm -rf *')).toEqual({status: 'failed', reason: 'folder-gone', cwd: homedir(), output: ''})
  expect(await run(agent, 'pwd')).toMatchObject({output: `${homedir()}\r\n`})
})

test('Ctrl-C while the shell is starting cancels the prompt', async () => {
  const {letGo} = slowHome()
  const agent = open('/')
  const ended = run(agent, 'echo too late')
  agent.interrupt()
  letGo()
  expect(await ended).toEqual({status: 'interrupted', reason: 'user', output: ''})
})

test('closing does not wait for start files', async () => {
  slowHome()
  const agent = open('/')
  const ended = expect(run(agent, 'true')).rejects.toThrow('was cancelled')
  await agent.close()
  await ended
})

test('a prompt runs in a new shell if the old one has just died', async () => {
  const agent = open('/')
  const {output} = await run(agent, 'echo $$; sleep 60 & disown')
  const pid = Number(/^(\d+)\r$/m.exec(output)?.[1])
  process.kill(pid, 'SIGKILL')
  // A process that it left behind keeps its terminal open for a moment.
  await expect.poll(() => existsSync(`/proc/${pid}`), {interval: 1}).toBe(false)
  expect(await run(agent, 'echo hello')).toMatchObject({status: 'complete', exitCode: 0, output: 'hello\r\n'})
})

test('input while the shell is starting goes to the program of the prompt', async () => {
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

test('a prompt of many lines that is interrupted between two of them is interrupted, and says how far it came', async () => {
  const agent = open('/')
  const text = Array.from({length: 100}, (_, at) => `echo line $((${at + 1}))`).join('\n')
  let printed = ''
  const outcome = await agent.prompt(text, {
    onStart() {},
    onOutput(data) {
      printed += Buffer.from(data).toString()
      if (!printed.includes('line 60\r\n')) return
      printed = ''
      agent.interrupt()
    },
    onText() {},
    onApproval() {},
  })
  expect(outcome).toMatchObject({status: 'interrupted', reason: 'user', exitCode: 130, lines: {total: 100}})
  expect(outcome.lines?.entered).toBeGreaterThanOrEqual(60)
})

test('a command that ends well because of Ctrl-C says so, unless it got input afterwards', async () => {
  need('python3')
  const agent = open('/')
  const interrupt = (text: string, answer?: string) =>
    agent.prompt(text, {
      onStart() {},
      onOutput(data) {
        const printed = Buffer.from(data).toString()
        if (printed.includes('begun')) agent.interrupt()
        if (answer !== undefined && printed.includes('more?')) agent.input(Buffer.from(answer))
      },
      onText() {},
      onApproval() {},
    })
  // It takes Ctrl-C whenever it comes.
  const takesIt = (then: string) =>
    `python3 -c 'from signal import *; pthread_sigmask(SIG_BLOCK, [SIGINT]); print("begun"); sigwait([SIGINT]); ${then}'`
  expect(await interrupt(takesIt('exit(0)'))).toMatchObject({status: 'complete', exitCode: 0, afterInterrupt: true})
  const repl = takesIt('print("more?"); input()')
  expect(await interrupt(repl, 'done\n')).not.toHaveProperty('afterInterrupt')
  expect(await run(agent, 'true')).not.toHaveProperty('afterInterrupt')
})

test('says where the shell keeps its history: once it has started, as it has set it last, and after it has exited', async () => {
  vi.stubEnv('SHELL', '/bin/bash')
  const {letGo} = slowHome()
  const home = process.env['HOME']
  const agent = open(newFolder())
  const first = agent.historyFile?.()
  letGo()
  expect(await first).toEqual({format: 'bash', path: `${home}/.bash_history`})
  await run(agent, 'HISTFILE=~/other')
  expect(await agent.historyFile?.()).toEqual({format: 'bash', path: `${home}/other`})
  await run(agent, 'exit')
  expect(await agent.historyFile?.()).toEqual({format: 'bash', path: `${home}/other`})
  await run(agent, 'unset HISTFILE')
  expect(await agent.historyFile?.()).toBeUndefined()
})
