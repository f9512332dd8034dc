import {existsSync} from 'node:fs'

import {findSurvivors} from '@holdfast/acp'

import {openTui} from '../../../apps/tui/e2e/support/tui.ts'
import {until} from '../../../apps/tui/e2e/support/until.ts'
import {agentMemory} from '../session/agent-memory.ts'
import type {DrivenSession, Return} from '../session/driven-session.ts'
import {expectRecall} from './recall.ts'
import {expectThat, expectWords, type Step} from './step.ts'

const timeoutMs = 90_000

const screenSize = {cols: 100, rows: 40}

const kill = (pid: number) => void process.kill(pid, 'SIGKILL')

/** Expects that the prompt was cut short, and that the agent remembers what came before. */
async function expectCut(session: DrivenSession, promptId: string, why: string): Promise<void> {
  const {status, reason} = await session.ended(promptId)
  expectThat(status === 'interrupted' && reason === why, `\`interrupted: ${why}\``, {status, reason})
}

function back({by, ms, missing, isRetried}: Return): string {
  const how = `back by ${by} after ${(ms / 1000).toFixed(1)} s`
  const retried = isRetried ? ', by a retry, as it had died four times within a minute' : ''
  return `${how}${retried}${missing === 0 ? '' : `, without ${missing} of its prompts`}`
}

/** The last status of each tool of a prompt. */
function toolsOf(session: DrivenSession, promptId: string): string {
  const statuses = new Map<string, string>()
  for (const {prompt_id, tool_call_id, status} of [...session.of('tool.call'), ...session.of('tool.update')]) {
    if (prompt_id === promptId) statuses.set(tool_call_id, status ?? statuses.get(tool_call_id) ?? 'pending')
  }
  return [...statuses.values()].join(', ')
}

export const steps: readonly Step[] = [
  {
    name: 'a tool, after a question',
    async run(session) {
      const promptId = await session.submit('tool echo done > done.txt')
      const question = await session.asked(promptId)
      await session.answer(question, 'allow_once')
      const {status} = await session.ended(promptId)
      expectThat(status === 'complete', '`complete`', status)
      expectThat(toolsOf(session, promptId) === 'completed', 'one completed tool', toolsOf(session, promptId))
      expectThat(existsSync(`${session.home.project}/done.txt`), 'the file that the tool makes', 'none')
      return `asked \`${question.title}\`; ${question.choices.map(({label}) => label).join(', ')}`
    },
  },
  {
    name: 'a tool, after a question that is answered in the TUI',
    async run(session) {
      const {home, id} = session
      const directive = 'tool echo screen > screen.txt'
      await using tui = await openTui(home, ['--resume', id], screenSize)
      await tui.submit(`Do it. [[${directive}]]`)
      session.noteSent(directive)
      await tui.waitFor(/^ {2}1\S* answers/m, {timeoutMs})
      const {prompt_id} = await session.seen('message.start', ({text}) => text.includes(directive))
      const {choices} = await session.asked(prompt_id)
      tui.type(String(choices.findIndex(({kind}) => kind === 'allow_once') + 1))
      const {status} = await session.ended(prompt_id)
      expectThat(status === 'complete', '`complete`', status)
      expectThat(existsSync(`${home.project}/screen.txt`), 'the file that the tool makes', 'none')
      const drawn = tui
        .scrollback()
        .split('\n')
        .find((line) => /^\S echo screen/.test(line) && !/failed|unknown/.test(line))
      expectThat(drawn !== undefined, 'a tool that is done on the screen', tui.screen())
      return `the screen shows \`${drawn}\``
    },
  },
  {
    name: 'a tool that is rejected',
    async run(session) {
      const promptId = await session.submit('tool echo rejected > rejected.txt')
      const question = await session.asked(promptId)
      await session.answer(question, 'reject_once')
      const {status, reason} = await session.ended(promptId)
      expectThat(!existsSync(`${session.home.project}/rejected.txt`), 'no file', 'one')
      return `the prompt ended as ${[status, reason].filter(Boolean).join(': ')}, its tool as ${toolsOf(session, promptId)}`
    },
  },
  {
    name: 'the agent is killed in its answer',
    async run(session) {
      const directive = 'slow 301 20'
      const promptId = await session.submit(directive)
      await session.heard(promptId, 'w10 ')
      const how = await session.comesBack(() => kill(session.agentPid))
      await expectCut(session, promptId, 'agent-died')
      const words = expectWords(session.said(promptId))
      expectThat(words < 301, 'a part of the answer', words)
      const memory = await expectRecall(session, directive)
      expectThat(expectWords(session.said(promptId)) === words, 'the partial text as it was', session.said(promptId))
      return `${words} words stay; ${back(how)}; ${memory}`
    },
  },
  {
    name: 'the agent is killed while it asks',
    async run(session) {
      const directive = 'tool echo never > never.txt'
      const promptId = await session.submit(directive)
      const {approval_id} = await session.asked(promptId)
      const how = await session.comesBack(() => kill(session.agentPid))
      await expectCut(session, promptId, 'agent-died')
      const {reason} = await session.seen('approval.withdrawn', (payload) => payload.approval_id === approval_id)
      expectThat(toolsOf(session, promptId) === 'not_run', 'a tool that has not run', toolsOf(session, promptId))
      const memory = await expectRecall(session, directive)
      expectThat(!existsSync(`${session.home.project}/never.txt`), 'no file of a tool that nobody allowed', 'one')
      return `the question is withdrawn (${reason}); ${back(how)}; ${memory}`
    },
  },
  {
    name: 'the agent is killed while a tool runs',
    async run(session) {
      const directive = 'tool echo begun > begun.txt; tail -f /dev/null'
      const promptId = await session.submit(directive)
      await session.answer(await session.asked(promptId), 'allow_once')
      await until(() => existsSync(`${session.home.project}/begun.txt`), {what: 'the start of the tool', timeoutMs})
      const exits = session.of('agent.exited').length
      const how = await session.comesBack(() => kill(session.agentPid))
      await expectCut(session, promptId, 'agent-died')
      expectThat(
        toolsOf(session, promptId) === 'unknown',
        'a tool whose outcome is unknown',
        toolsOf(session, promptId),
      )
      const {survivors = []} = session.of('agent.exited')[exits] ?? {}
      const left = survivors.map(({program}) => program).join(', ') || 'nothing'
      return `listed as left running: ${left}; ${back(how)}; ${await expectRecall(session, directive)}`
    },
  },
  {
    name: 'the agent is killed while it is idle',
    async run(session) {
      const how = await session.comesBack(() => kill(session.agentPid))
      return `${back(how)}; ${await expectRecall(session)}`
    },
  },
  {
    name: 'the gateway is killed in an answer',
    async run(session) {
      const promptId = await session.submit('slow 152 20')
      await session.heard(promptId, 'w10 ')
      kill((await session.home.process('gateway')).pid)
      const {status} = await session.ended(promptId)
      expectThat(status === 'complete', '`complete`', status)
      expectWords(session.said(promptId), 152)
      const seqs = session.events.map(({seq}) => seq)
      expectThat(
        seqs.every((seq, at) => seq === at + 1),
        'each event once and in order',
        seqs,
      )
      return 'all 152 words arrived, each once and in order'
    },
  },
  {
    name: 'the TUI is killed in an answer',
    async run(session) {
      const {home, id} = session
      const directive = 'slow 153 40'
      const answerOn = (screen: string) => screen.slice(screen.lastIndexOf(`[[${directive}]]`))
      const first = await openTui(home, ['--resume', id], screenSize)
      try {
        await first.submit(`Do it. [[${directive}]]`)
        session.noteSent(directive)
        await first.waitFor(() => answerOn(first.scrollback()).includes('w10 '), {timeoutMs})
        kill(first.pid)
        await first.exited
      } finally {
        await first[Symbol.asyncDispose]()
      }
      await using second = await openTui(home, ['--resume', id], screenSize)
      await second.waitFor(() => answerOn(second.scrollback()).includes('w152'), {timeoutMs})
      const {prompt_id} = await session.seen('message.start', ({text}) => text.includes(directive))
      await session.ended(prompt_id)
      expectWords(session.said(prompt_id), 153)
      expectWords(answerOn(second.scrollback()), 153)
      return 'the next one shows all 153 words, each once and in order'
    },
  },
  {
    name: 'the host is killed in an answer',
    async run(session) {
      const directive = 'slow 304 20'
      const promptId = await session.submit(directive)
      await session.heard(promptId, 'w10 ')
      const {pid} = await session.home.process('host')
      kill(pid)
      await expectCut(session, promptId, 'host-died')
      const words = expectWords(session.said(promptId))
      const memory = await expectRecall(session, directive)
      const {by} = session.of('agent.ready').at(-1)!
      return `${words} words stay; back by ${by} with the next prompt; ${memory}`
    },
  },
  {
    name: 'hibernation',
    async run(session) {
      const megabytes = Math.round(agentMemory(session.id) / 1e6)
      await session.leave()
      await until(() => findSurvivors(session.id).length === 0, {what: 'the end of the idle agent', timeoutMs})
      await session.watch()
      const {requested} = await session.seen('agent.exited', (exit) => exit.requested === true)
      expectThat(requested === true, 'an end that the host wanted', requested)
      const startedAt = performance.now()
      const memory = await expectRecall(session)
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      return `${megabytes} MB of memory are free again; the next prompt took ${seconds} s; ${memory}`
    },
  },
]

/** Closes the session. */
export const lastStep: Step = {
  name: 'nothing is left running',
  async run(session) {
    const {home, id} = session
    await session.leave()
    const {exitCode, stderr} = await home.holdfast(['close', '--all'])
    expectThat(exitCode === 0, '`close` to exit with 0', stderr)
    const left = () => [
      ...home.processes().map(({argv}) => argv.join(' ')),
      ...findSurvivors(id).map((one) => one.program),
    ]
    await until(() => left().length === 0, {what: `no process, but there is ${left().join('; ')}`})
    return 'no process has the mark of the session or of its home'
  },
}
