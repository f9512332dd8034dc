import {agentProblem} from '../agent/agent-problem.ts'
import type {SlashCommand} from '../slash-command.ts'

export const newSession: SlashCommand = {
  name: '/new',
  description: 'opens a new session, in FOLDER or in the same one; this one keeps running',
  argument: '[--agent NAME] [FOLDER]',
  async run({model, openSession}, argument) {
    const {agent, folder, why} = readNew(argument)
    const problem = why ?? (agent === undefined ? undefined : agentProblem(model, agent))
    if (problem !== undefined) return model.setNotice(problem)
    await openSession({kind: 'new', ...(agent !== undefined && {agent}), ...(folder !== undefined && {folder})})
  },
}

/** What the argument of `/new` asks for, or why it is wrong. A folder may have spaces, also in quotes or with `\` before them. Pure. */
export function readNew(argument: string): {agent?: string; folder?: string; why?: string} {
  const [, agent, rest = ''] = /^--agent(?:[=\s]+(\S+)\s*([^]*))?$/.exec(argument) ?? [undefined, undefined, argument]
  if (agent === undefined && rest.startsWith('-'))
    return {why: `Expected \`/new [--agent NAME] [FOLDER]\`, got \`${rest.slice(0, 40)}\``}
  if (agent === undefined && argument !== '' && rest === '')
    return {why: 'Expected the name of an agent behind --agent'}
  const quoted = /^(['"])([^]*)\1$/.exec(rest)?.[2]
  const folder = quoted ?? rest.replace(/\\(.)/g, '$1')
  return {...(agent !== undefined && {agent}), ...(folder !== '' && {folder})}
}
