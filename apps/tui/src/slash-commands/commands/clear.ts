import type {SlashCommand} from '../slash-command.ts'

export const clear: SlashCommand = {
  name: '/clear',
  description: 'clears the screen; its lines stay in the scrollback',
  run: ({clearScreen}) => clearScreen(),
}
