import type {MenuCommand} from '@holdfast/ink-composer'
import type {AgentSettings} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal'

/** Our commands, and behind them those of the coding agent, marked; one of ours comes first where both have the name. Pure. */
export function menuCommands(
  ours: readonly MenuCommand[],
  ofAgent: AgentSettings['commands'] = [],
): readonly MenuCommand[] {
  const names = new Set(ours.map(({name}) => name))
  const theirs = ofAgent.map(({name, description}) => ({
    name: toPlainLine(`/${name}`),
    description: toPlainLine(`agent · ${description}`),
  }))
  return [...ours, ...theirs.filter(({name}) => !names.has(name) && !name.includes(' '))]
}
