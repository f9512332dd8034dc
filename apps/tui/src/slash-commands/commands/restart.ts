import type {SlashCommand} from '../slash-command.ts'

export const restart: SlashCommand = {
  name: '/restart',
  description: 'tries again to start the gateway or the host',
  run: (context) => context.restart(),
}
