import {findProgram} from '../process/find-program.ts'
import {invocation} from '../process/invocation.ts'
import type {AgentEntry} from '../settings/agent-settings.ts'
import {findSettingsFile} from '../settings/find-settings-file.ts'
import {readSettings, type ReadSettings} from '../settings/read-settings.ts'
import {wellKnownAgents} from './well-known-agents.ts'

/** An agent of the settings, or a well-known one. */
export interface FoundAgent extends AgentEntry {
  name: string
  isConfigured: boolean
  /** The program, if there is one. */
  program: string | undefined
  /** How to install a well-known agent. */
  install?: string
}

export interface FoundAgents extends ReadSettings {
  /** The settings file. */
  file: string
  /** Those of the settings first. */
  agents: readonly FoundAgent[]
}

/** Finds the agents of the settings and the well-known ones, without running any. */
export function findAgents(): FoundAgents {
  const file = findSettingsFile()
  const read = readSettings(file)
  const configured = Object.entries(read.settings.agents).map(([name, entry]) => ({name, isConfigured: true, ...entry}))
  // One of the settings replaces the well-known one of its name, also if it is wrong.
  const others = wellKnownAgents
    .filter(({name}) => !Object.hasOwn(read.settings.agents, name) && !Object.hasOwn(read.agentProblems, name))
    .map((agent) => ({...agent, args: [...agent.args], env: {}, isConfigured: false}))
  const agents = [...configured, ...others].map((agent) => ({
    ...agent,
    program: findProgram(agent.command, {...process.env, ...agent.env}),
  }))
  return {...read, file, agents}
}

/** An agent that can be started. Throws an error for the user: what there is, or what is missing. */
export function expectAgent(name: string, {agents, agentProblems, file}: FoundAgents): FoundAgent & {program: string} {
  const agent = agents.find((each) => each.name === name)
  if (Object.hasOwn(agentProblems, name)) throw new Error(`The agent \`${name}\` is left out: ${agentProblems[name]}`)
  if (agent === undefined) throw new Error(`There is no agent \`${name}\`${describeChoice(agents, file)}`)
  const {program, command, install} = agent
  if (program !== undefined) return {...agent, program}
  const missing = command.includes('/') ? `no program \`${command}\` that you may run` : `no \`${command}\` on $PATH`
  const remedy = install === undefined ? `correct \`agents.${name}.command\` in ${file}` : `to install it: ${install}`
  throw new Error(`There is ${missing} for the agent \`${name}\`: ${remedy}`)
}

function describeChoice(agents: readonly FoundAgent[], file: string): string {
  const names = agents.filter(({program}) => program !== undefined).map(({name}) => `\`${name}\``)
  const choice = names.length === 0 ? ', and no other' : `: there is ${new Intl.ListFormat('en').format(names)}`
  return `${choice}. \`agents\` in ${file} can have more, and \`${invocation('agents')}\` lists those that can be installed`
}
