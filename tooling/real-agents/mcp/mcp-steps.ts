import {execFileSync} from 'node:child_process'
import {existsSync, readFileSync} from 'node:fs'
import {writeFile} from 'node:fs/promises'

import type {Process} from '../../../apps/tui/e2e/support/processes.ts'
import {until} from '../../../apps/tui/e2e/support/until.ts'
import type {DrivenSession} from '../session/driven-session.ts'
import {expectThat, type Step} from '../steps/step.ts'

const timeoutMs = 90_000
const lines = 300
/** Counts its starts, prints much, and waits for a line. */
const command = `echo begun >> count; seq ${lines}; read line < go; echo "went $line"`
/** The session that the agent opens has this id of its own. */
const work = 'work'

export const mcpSteps: readonly Step[] = [
  {
    name: 'it opens a session by MCP, and runs a command in it',
    async run(session) {
      execFileSync('mkfifo', [`${session.home.project}/go`])
      await openWork(session)
      const said = await call(session, 'run', {session: await workId(session), command: 'echo hello; (exit 3)'})
      expectThat(/"exit_code":3.*hello/s.test(said), '`hello` and the exit status 3', said)
      return `the model got \`hello\` and the exit status 3, after ${session.of('approval.request').length} questions`
    },
  },
  {
    name: 'the gateway of the MCP server is killed in a run',
    async run(session) {
      const {said} = await startRun(session, 'gateway-killed', 1)
      kill(gatewayOf(session))
      await go(session)
      expectWhole(await said)
      expectStarts(session, 1)
      return 'the same call returned the whole output; the command ran once'
    },
  },
  {
    name: 'the MCP server is killed in a run',
    async run(session) {
      const {said} = await startRun(session, 'server-killed', 2)
      kill(serverOf(session))
      const lost = await said
      await go(session)
      const again = await callAgain(session, 'run', await runOf(session, 'server-killed'))
      expectWhole(again.said)
      expectStarts(session, 2)
      return `the call ended with ${JSON.stringify(lost.replace(/^.*got: /s, '').slice(0, 120))}; repeated with its id${again.how}, it returned the whole output; the command ran once`
    },
  },
  {
    name: 'the agent is killed in a run',
    async run(session) {
      await startRun(session, 'agent-killed', 3)
      await restartAgent(session)
      await go(session)
      const again = await callAgain(session, 'run', await runOf(session, 'agent-killed'))
      expectWhole(again.said)
      expectStarts(session, 3)
      return 'the next one found the run by its id, with the whole output; the command ran once'
    },
  },
  {
    name: 'the host of the run is killed',
    async run(session) {
      const {said} = await startRun(session, 'host-killed', 4)
      kill(hostOf(session, await workId(session)))
      const told = await said
      expectThat(/"status":"interrupted".*"reason":"host-died"/s.test(told), '`interrupted: host-died`', told)
      expectNumbers(told)
      const again = await call(session, 'run', await runOf(session, 'host-killed'))
      expectThat(/"status":"interrupted"/.test(again), 'the same outcome for the same id', again)
      expectStarts(session, 4)
      const next = await call(session, 'run', {session: await workId(session), command: 'echo on'})
      expectThat(/"exit_code":0.*on/s.test(next), 'the next command to run', next)
      return 'the call returned `interrupted: host-died` with the output so far, also when repeated; the session runs the next command'
    },
  },
]

/** Has the agent call a tool of Holdfast, and allows that. Resolves with what the model said in the end. */
async function call(session: DrivenSession, tool: string, args: object): Promise<string> {
  const promptId = await session.submit(`call ${tool} ${JSON.stringify(args)}`)
  const answered = new Set<string>()
  await until(
    async () => {
      const ofPrompt = ({prompt_id}: {prompt_id: string}) => prompt_id === promptId
      for (const question of session.of('approval.request').filter(ofPrompt)) {
        if (answered.has(question.approval_id)) continue
        answered.add(question.approval_id)
        await session.answer(question, 'allow_once')
      }
      return session.of('message.complete').some(ofPrompt)
    },
    {what: `the end of the call of ${tool}`, timeoutMs},
  )
  // Some agents give the model the result as JSON.
  return session.said(promptId).replaceAll('\\"', '"').replaceAll('\\n', '\n')
}

/** Repeats a call. Where the agent has not started the MCP server again, it is restarted. */
async function callAgain(session: DrivenSession, tool: string, args: object): Promise<{said: string; how: string}> {
  const said = await call(session, tool, args)
  if (said.includes('"status"')) return {said, how: ''}
  await restartAgent(session)
  return {
    said: await call(session, tool, args),
    how: ' after a restart of the agent, which starts no other server by itself',
  }
}

async function openWork(session: DrivenSession): Promise<void> {
  const said = await call(session, 'open', {id: work})
  expectThat(said.includes('"session"'), 'the id of a session', said)
}

/** The session that the agent has opened. */
async function workId({home, id}: DrivenSession): Promise<string> {
  const {stdout} = await home.holdfast(['ls', '--json'])
  const ids = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as {id: string}).id)
  return ids.find((each) => each !== id)!
}

async function runOf(session: DrivenSession, id: string): Promise<object> {
  return {session: await workId(session), command, id}
}

/** Starts the command by the agent, and waits until it has begun. `said`: what the model says in the end. */
async function startRun(session: DrivenSession, id: string, starts: number): Promise<{said: Promise<string>}> {
  const said = call(session, 'run', await runOf(session, id))
  said.catch(() => undefined)
  await until(() => startsOf(session) === starts, {what: 'the begin of the command', timeoutMs})
  return {said}
}

/** Lets the command end. */
async function go({home}: DrivenSession): Promise<void> {
  await writeFile(`${home.project}/go`, 'well\n')
}

function startsOf({home}: DrivenSession): number {
  const file = `${home.project}/count`
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0
}

function expectStarts(session: DrivenSession, starts: number): void {
  expectThat(startsOf(session) === starts, `${starts} starts of the command`, startsOf(session))
}

/** Expects that the command has ended, and all that it prints. */
function expectWhole(said: string): void {
  expectThat(/"status":"complete"/.test(said) && said.includes('went well'), 'the end of the command', said)
  expectNumbers(said)
}

/** Expects what the command prints before it waits. */
function expectNumbers(said: string): void {
  const numbers = Array.from({length: lines}, (_, index) => `${index + 1}\n`).join('')
  expectThat(said.includes(numbers), `all numbers up to ${lines}`, said)
}

function kill({pid}: Process): void {
  process.kill(pid, 'SIGKILL')
}

function serverOf({home}: DrivenSession): Process {
  return found(
    home.processes().find(({argv}) => argv.at(-1) === 'mcp'),
    'the MCP server',
  )
}

function gatewayOf(session: DrivenSession): Process {
  const {pid} = serverOf(session)
  const isIts = ({role, parentPid}: Process) => role === 'gateway' && parentPid === pid
  return found(session.home.processes().find(isIts), 'the gateway of the MCP server')
}

function hostOf({home}: DrivenSession, sessionId: string): Process {
  return found(
    home.processes().find(({role, argv}) => role === 'host' && argv.includes(sessionId)),
    'the host of the run',
  )
}

function found<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Error(`Expected ${what} to run, there is none`)
  return value
}

async function restartAgent(session: DrivenSession): Promise<void> {
  await session.comesBack(() => process.kill(session.agentPid, 'SIGKILL'))
}
