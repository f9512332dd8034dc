import {chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {filesWith} from '../support/files-with.ts'
import {createHome} from '../support/home.ts'
import {addScriptedAgent} from '../support/scripted-agent.ts'
import {startServer} from '../support/serve.ts'
import {sessionsOf} from '../support/sessions-of.ts'
import {openTui} from '../support/tui.ts'
import {until} from '../support/until.ts'

test('agents lists the agents of the settings and the well-known ones, and runs none', async () => {
  await using home = createHome()
  const bin = `${home.user}/bin`
  mkdirSync(bin)
  mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
  writeFileSync(`${bin}/gemini`, `#!/bin/sh\n: > ${home.user}/was-run\n`)
  chmodSync(`${bin}/gemini`, 0o755)
  const settings = {agents: {mine: {command: 'no-such-agent', env: {KEY: 's3cret'}}, bad: {}}, agent: 'gemini'}
  writeFileSync(`${home.user}/.config/holdfast/config.json`, JSON.stringify(settings))
  const env = {PATH: `${bin}:${home.env['PATH']}`}
  const file = `${home.user}/.config/holdfast/config.json`

  const {stdout, stderr, exitCode} = await home.holdfast(['agents'], {env})
  expect(exitCode).toBe(0)
  expect(stderr).toBe(`holdfast: \`agents.bad.command\` in ${file}, line 1: expected a text\n`)
  expect(stdout).toMatch(/^AGENT +STATE +PROGRAM, OR HOW TO GET IT$/m)
  expect(stdout).toMatch(new RegExp(`^gemini +installed, default +${bin}/gemini$`, 'm'))
  expect(stdout).toMatch(/^mine +not found +correct `agents.mine.command` in .*: no program no-such-agent$/m)
  expect(stdout).toMatch(/^qwen +not found +npm install --global @qwen-code\/qwen-code$/m)
  const json = (await home.holdfast(['agents', '--json'], {env})).stdout
  expect(json).not.toContain('s3cret')
  expect(
    json
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
  ).toContainEqual({
    name: 'gemini',
    command: 'gemini',
    program: `${bin}/gemini`,
    install: 'npm install --global @google/gemini-cli',
    configured: false,
    default: true,
  })
  expect(readdirSync(home.user)).not.toContain('was-run')
})

test('run --agent prints what the agent says, and exits with 0', async () => {
  await using home = createHome()
  addScriptedAgent(home, {agent: 'scripted'})
  const prompt = await home.holdfast(['run', '--agent', 'scripted', '--', 'it’s', '"quoted"'])
  expect(prompt).toMatchObject({stdout: 'echo: it’s "quoted"\n', stderr: '', exitCode: 0})
  // The default agent.
  expect(await home.holdfast(['run', '--agent', '--', 'hello'])).toMatchObject({stdout: 'echo: hello\n', exitCode: 0})
  const [session] = await sessionsOf(home)
  expect(session).toMatchObject({title: 'hello', agent: 'scripted', state: 'closed', one_shot: true})
})

test('run --keep --agent keeps the session, run --session sends it another prompt, with --json as events', async () => {
  await using home = createHome()
  addScriptedAgent(home)
  await home.holdfast(['run', '--keep', '--agent', 'scripted', '--', 'my name is Ada'])
  const [session] = await sessionsOf(home)
  const id = session?.id ?? ''
  expect(await home.holdfast(['run', '--session', id, '--', 'recall'])).toMatchObject({
    stdout: 'my name is Ada\n',
    exitCode: 0,
  })
  const {stdout, stderr} = await home.holdfast(['run', '--json', '--session', id, '--', 'hello'])
  expect(stderr).toBe('')
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as {type: string; payload: object})
  expect(events.find(({type}) => type === 'message.delta')?.payload).toMatchObject({text: 'echo: hello'})
  expect(events.at(-1)).toMatchObject({type: 'message.complete', payload: {status: 'complete'}})
})

test('talk --agent gives the lines of a pipe to the agent', async () => {
  await using home = createHome()
  addScriptedAgent(home)
  const {stdout, exitCode} = await home.holdfast(['talk', '--agent', 'scripted'], {stdin: 'one\nrecall\n'})
  expect({stdout, exitCode}).toEqual({stdout: 'echo: one\none\n', exitCode: 0})
})

test.for([
  [
    ['run', '--agent', 'nemo', '--', 'x'],
    /^holdfast: there is no agent `nemo`: there is `scripted`. `agents` in \/.*\/config.json can have more/,
  ],
  [['--agent', 'nemo'], /^holdfast: there is no agent `nemo`/],
  [
    ['talk', '--agent', 'qwen'],
    /^holdfast: there is no `qwen` on \$PATH for the agent `qwen`: to install it: npm install/,
  ],
  [['run', '--agent', '--', 'x'], /^holdfast: expected --agent NAME, or a default: `agent` in \/.*\/config.json/],
  [['run', '--agent', 'scripted', '--shell', 'bash', '--', 'x'], /^holdfast: expected --agent or --shell, got both/],
  [['talk', '--agent', 'scripted', '--shell', 'bash'], /^holdfast: expected --agent or --shell, got both/],
  [['--agent', 'scripted', '--continue'], /^holdfast: --agent is for new sessions only/],
  [
    ['run', '--agent', 'scripted', '--session', '0123456789', '--', 'x'],
    /^holdfast: expected --session or --agent, got both/,
  ],
] as const)('%j is refused before anything is created', async ([args, message]) => {
  await using home = createHome()
  addScriptedAgent(home)
  const {stdout, stderr, exitCode} = await home.holdfast(args)
  expect({stdout, exitCode}).toEqual({stdout: '', exitCode: 2})
  expect(stderr).toMatch(message)
  expect((await home.holdfast(['ls', '--json'])).stdout).toBe('')
})

test.for([
  ['allow', 'yes'],
  ['reject', 'no'],
] as const)('a policy of the settings answers a question without the user: %s', async ([answer, said]) => {
  await using home = createHome()
  addScriptedAgent(home, {permissions: {other: answer}})
  expect(await home.holdfast(['run', '--agent', 'scripted', '--', 'ask'])).toMatchObject({
    stdout: `${said}\n`,
    exitCode: 0,
  })
})

test('run --agent names a question on stderr with the command that answers it, and waits for the answer', async () => {
  await using home = createHome()
  addScriptedAgent(home)
  const run = home.startHoldfast(['run', '--agent', 'scripted', '--', 'ask'])
  await until(() => /answer it with `holdfast --resume/.test(run.stderr), {what: 'the question'})
  const [session] = await sessionsOf(home)
  await using tui = await openTui(home, ['--resume', session?.id ?? ''])
  await tui.waitFor('1–2 answers')
  expect(tui.screen()).toContain(' ALLOW?  Delete it\n  1. Allow\n  2. Reject\n')
  tui.type('1')
  expect(await run.ended).toMatchObject({stdout: 'yes\n', exitCode: 0})
})

test('an agent of another machine is that of its settings, which refuse an unknown one', async () => {
  await using home = createHome()
  await using server = await startServer(home)
  addScriptedAgent(home)
  const refused = await home.holdfast([...server.optionsFor(), 'run', '--agent', 'nemo', '--', 'x'], {
    env: {XDG_CONFIG_HOME: '/no/such/folder'},
  })
  expect(refused).toMatchObject({stdout: '', exitCode: 1})
  expect(refused.stderr).toMatch(/^holdfast: there is no agent `nemo`: there is `scripted`/)
  expect((await home.holdfast(['ls', '--json'])).stdout).toBe('')
  const there = await home.holdfast([...server.optionsFor(), 'run', '--agent', 'scripted', '--', 'hello'], {
    env: {XDG_CONFIG_HOME: '/no/such/folder'},
  })
  expect(there).toMatchObject({stdout: 'echo: hello\n', exitCode: 0})
})

test('a session whose agent is gone from the settings says so, and what was said stays readable', async () => {
  await using home = createHome()
  addScriptedAgent(home)
  await home.holdfast(['run', '--keep', '--agent', 'scripted', '--', 'my name is Ada'])
  const [session] = await sessionsOf(home)
  const id = session?.id ?? ''
  process.kill((await home.process('host')).pid, 'SIGKILL')
  await until(() => home.processes().length === 0, {what: 'the end of the host and its agent'})
  writeFileSync(`${home.user}/.config/holdfast/config.json`, '{}')
  const failed = await home.holdfast(['run', '--session', id, '--', 'hello'])
  expect(failed.exitCode).toBe(1)
  expect(failed.stderr).toContain('There is no agent `scripted`')
  expect((await home.holdfast(['show', id])).stdout).toContain('echo: my name is Ada')
})

test('what may be a key in the settings of an agent is in no file of Holdfast', async () => {
  await using home = createHome()
  addScriptedAgent(home)
  const file = `${home.user}/.config/holdfast/config.json`
  const settings = JSON.parse(readFileSync(file, 'utf8')) as {agents: {scripted: {args: string[]; env: object}}}
  settings.agents.scripted.args.push('--key=s3cret-argument')
  settings.agents.scripted.env = {MY_KEY: 's3cret-variable'}
  writeFileSync(file, JSON.stringify(settings))
  await home.holdfast(['run', '--keep', '--agent', 'scripted', '--', 'hello'])
  const agent = await home.process('program')
  process.kill(agent.pid, 'SIGKILL')
  await until(() => home.processes().every(({pid}) => pid !== agent.pid), {what: 'the end of the agent'})
  const [session] = await sessionsOf(home)
  const again = await home.holdfast(['run', '--json', '--session', session?.id ?? '', '--', 'recall'])
  expect(again.stdout).toContain('hello')
  expect(again.stdout).not.toContain('s3cret')
  expect(filesWith(home, 'agent.exited').length).toBeGreaterThan(0)
  expect(filesWith(home, 's3cret')).toEqual([file])
})

test('Ctrl-C cancels the prompt of run --agent, which exits with 130', async () => {
  await using home = createHome()
  addScriptedAgent(home)
  const run = home.startHoldfast(['run', '--agent', 'scripted', '--', 'wait'])
  await until(() => run.stdout === 'waiting', {what: 'the answer'})
  run.child.kill('SIGINT')
  expect(await run.ended).toMatchObject({stdout: 'waiting\n', exitCode: 130})
})
