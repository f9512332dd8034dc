import type {SlashCommand} from '../slash-command.ts'

export const clear: SlashCommand = {
  name: '/clear',
  description: 'leaves an empty screen; what was on it is in the scrollback',
  run: ({clearScreen}) => clearScreen(),
}
