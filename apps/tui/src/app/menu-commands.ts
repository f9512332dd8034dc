import type {MenuCommand} from '@holdfast/ink-composer'

import type {SlashCommand, SlashCommandContext} from '../slash-commands/slash-command.ts'

/** The slash commands as the composer's menu shows them. */
export function toMenuCommands(
  commands: readonly SlashCommand[],
  context: () => SlashCommandContext,
): readonly MenuCommand[] {
  return commands.map(({name, description, argument}) => {
    if (argument === undefined) return {name, description}
    const {shape, complete} = argument
    if (complete === undefined) return {name, description, shape}
    return {name, description, shape, complete: (typed) => complete(context(), typed)}
  })
}
