import {toJsonLine, toPlainLine} from '@holdfast/terminal'

import {findAgents, type FoundAgent} from '../../agents/find-agents.ts'
import {printError} from '../../process/print-error.ts'
import {printLines} from '../../process/standard-output.ts'
import {toTable} from './to-table.ts'

/** Prints the agents of the settings and the well-known ones, and whether each is installed. Runs none. */
export async function listAgents({json = false}: {json?: boolean}): Promise<void> {
  const {agents, settings, problems, file} = findAgents()
  const isDefault = ({name}: FoundAgent) => name === settings.agent
  // The arguments and the environment of an agent may hold keys.
  const toJson = (agent: FoundAgent) => {
    const {name, command, program, install, isConfigured} = agent
    return toJsonLine({name, command, program, install, configured: isConfigured, default: isDefault(agent)})
  }
  const rows = agents.map((agent) => toRow(agent, isDefault(agent), file))
  await printLines(json ? agents.map(toJson) : toTable([['AGENT', 'STATE', 'PROGRAM, OR HOW TO GET IT'], ...rows]))
  problems.forEach(printError)
}

function toRow({name, command, program, install, isConfigured}: FoundAgent, isDefault: boolean, file: string) {
  const state = program === undefined ? 'not found' : isConfigured ? 'configured' : 'installed'
  const remedy = install ?? `correct \`agents.${name}.command\` in ${file}: no program ${command}`
  return [name, isDefault ? `${state}, default` : state, toPlainLine(program ?? remedy)]
}
