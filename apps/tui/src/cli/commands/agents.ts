import {toJsonLine, toPlainLine} from '@holdfast/terminal'
import stringWidth from 'string-width'

import {findAgents, type FoundAgent} from '../../agents/find-agents.ts'
import {printError} from '../../process/print-error.ts'
import {printLines} from '../../process/standard-output.ts'

/** Prints the agents of the settings and the well-known ones, and whether each is installed. Runs none. */
export async function listAgents({json = false}: {json?: boolean}): Promise<void> {
  const {agents, settings, problems, file} = findAgents()
  const isDefault = ({name}: FoundAgent) => name === settings.agent
  // The arguments and the environment of an agent may hold keys.
  const toJson = (agent: FoundAgent) => {
    const {name, command, program, install, isConfigured} = agent
    return toJsonLine({name, command, program, install, configured: isConfigured, default: isDefault(agent)})
  }
  await printLines(json ? agents.map(toJson) : toTable(agents.map((agent) => toRow(agent, isDefault(agent), file))))
  problems.forEach(printError)
}

function toRow({name, command, program, install, isConfigured}: FoundAgent, isDefault: boolean, file: string) {
  const state = program === undefined ? 'not found' : isConfigured ? 'configured' : 'installed'
  const remedy = install ?? `correct \`agents.${name}.command\` in ${file}: no program ${command}`
  return [name, isDefault ? `${state}, default` : state, toPlainLine(program ?? remedy)]
}

function toTable(rows: readonly (readonly string[])[]): string[] {
  const table = [['AGENT', 'STATE', 'PROGRAM, OR HOW TO GET IT'], ...rows]
  const widths = [0, 1].map((column) => Math.max(...table.map((row) => stringWidth(row[column] ?? ''))))
  return table.map((row) =>
    row.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell)))).join('  '),
  )
}
