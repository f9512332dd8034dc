import type {SlashCommand} from '../slash-command.ts'

export const blocks: SlashCommand = {
  name: '/blocks',
  description: 'walks through the commands and answers of the session',
  run: ({pastPrompts}) => pastPrompts.open(),
}
