import {toPlainLine} from '@holdfast/terminal'

import {readTurns} from '../../sessions/read-turns.ts'
import {maxSummarizedLength, summarizeTurns} from '../../sessions/summarize-turns.ts'
import {agentSession, findChoice, listChoices, type AgentSession} from '../agent/agent-session.ts'
import {describeAgent} from '../agent/describe-agent.ts'
import {findAgents} from '../../agents/find-agents.ts'
import {shownFolder} from '../../ui/shown-folder.ts'
import {agentProblem} from '../agent/agent-problem.ts'
import type {SlashCommand, SlashCommandContext} from '../slash-command.ts'

export const agentCommand: SlashCommand = {
  name: '/agent',
  description: 'tells about the agent; NAME opens a session with another one; also: retry, fresh, login [METHOD]',
  argument: '[NAME]',
  async run(context, argument) {
    const [word = '', ...rest] = argument.split(/\s+/)
    const act = actions.get(word)
    if (act === undefined) return await open(context, argument)
    const found = await agentSession(context)
    if (found !== undefined) await act(context, found, rest.join(' '))
  },
}

type Action = (context: SlashCommandContext, found: AgentSession, argument: string) => void | Promise<void>

const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['', show],
  ['retry', retry],
  ['fresh', beginAfresh],
  ['login', logIn],
])

/** More turns do not fit into a summary, or nearly. */
const maxSummarizedTurns = 100

async function open({model, openSession}: SlashCommandContext, name: string): Promise<void> {
  const problem = agentProblem(model, name)
  if (problem !== undefined) return model.setNotice(problem)
  await openSession({kind: 'new', agent: name})
}

function show({model, answer}: SlashCommandContext, {session, name, agent}: AgentSession): void {
  const {bindings, machine} = model.snapshot
  const showFolder = (folder: string) => shownFolder(machine, folder)
  answer(describeAgent(name, agent, session.state, bindings, showFolder).join('\n'))
}

async function retry({model}: SlashCommandContext, {session, name, agent}: AgentSession): Promise<void> {
  if (agent.unavailable === undefined) return model.setNotice(`Nothing to retry: \`${name}\` has not given up`)
  await session.restartAgent()
  model.setNotice(`Starting \`${name}\` …`)
}

function beginAfresh({client, model, composer, reportError}: SlashCommandContext, {session, name}: AgentSession): void {
  if (session.state.running !== null)
    return model.setNotice('A prompt is running: Ctrl-C interrupts it, then /agent fresh again')
  const begin = async () => {
    const {turns, isWhole} = await readTurns(client, session.id, {
      maxLength: maxSummarizedLength + 1,
      maxTurns: maxSummarizedTurns,
    })
    await session.restartAgent({fresh: true})
    if (turns.length === 0) return model.setNotice(`\`${name}\` begins a new session`)
    composer.restore(summarizeTurns(turns, isWhole))
    model.setNotice(
      `\`${name}\` begins a new session. The draft tells it what was said: send it, change it, or clear it`,
    )
  }
  composer.ask({
    title: `Begin a new session of \`${name}\`? It will have forgotten all that was said; this screen and the log keep it`,
    yes: 'begins a new one, with a summary as your draft',
    no: 'keeps the session of the agent',
    onYes: () => void begin().catch(reportError),
  })
}

async function logIn(
  {model, answer}: SlashCommandContext,
  {session, name, agent}: AgentSession,
  typed: string,
): Promise<void> {
  const methods = agent.unavailable?.auth_methods ?? []
  if (methods.length === 0) return model.setNotice(`\`${name}\` does not ask for a login`)
  if (typed === '') {
    const program = model.snapshot.machine === undefined ? programOf(name) : undefined
    const lines = methods.flatMap(({id, name: shown, description, args}) => [
      `/agent login ${id}  ${shown}${description === undefined ? '' : `: ${description}`}`,
      ...(args === undefined ? [] : [`  or run in a terminal: ${[program ?? name, ...args].join(' ')}`]),
    ])
    return answer(lines.map(toPlainLine).join('\n'))
  }
  const method = findChoice(methods, typed)
  if (method === undefined)
    return model.setNotice(`Expected a way to log in: ${listChoices(methods.map(({id}) => id))}, got \`${typed}\``)
  await session.loginAgent(method.id)
  model.setNotice(`Logging in: ${toPlainLine(method.name)} …`)
}

/** The command of an agent, with the arguments that it always has. */
function programOf(name: string): string | undefined {
  const found = findAgents().agents.find((each) => each.name === name)
  return found === undefined ? undefined : [found.command, ...found.args].join(' ')
}
