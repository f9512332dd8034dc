import {chmodSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs'

import {expect, test} from 'vitest'

import {configureAgent} from '../support/configure-agent.ts'
import {createHome} from '../support/home.ts'
import {sessionsOf} from '../support/sessions-of.ts'

test('agents lists the agents of the settings and the well-known ones, and runs none', async () => {
  await using home = createHome()
  configureAgent(home, {agent: 'scripted', agents: {}})
  const bin = `${home.user}/bin`
  mkdirSync(bin)
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
  configureAgent(home, {agent: 'scripted'})
  const prompt = await home.holdfast(['run', '--agent', 'scripted', '--', 'it’s', '"quoted"'])
  expect(prompt).toMatchObject({stdout: 'echo: it’s "quoted"\n', stderr: '', exitCode: 0})
  // The default agent.
  expect(await home.holdfast(['run', '--agent', '--', 'hello'])).toMatchObject({stdout: 'echo: hello\n', exitCode: 0})
  const [session] = await sessionsOf(home)
  expect(session).toMatchObject({title: 'hello', agent: 'scripted', state: 'closed', one_shot: true})
})

test('run --keep --agent keeps the session, run --session sends it another prompt, with --json as events', async () => {
  await using home = createHome()
  configureAgent(home)
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
  configureAgent(home)
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
  configureAgent(home)
  const {stdout, stderr, exitCode} = await home.holdfast(args)
  expect({stdout, exitCode}).toEqual({stdout: '', exitCode: 2})
  expect(stderr).toMatch(message)
  expect((await home.holdfast(['ls', '--json'])).stdout).toBe('')
})
