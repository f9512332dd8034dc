import type {SlashCommand} from '../slash-command.ts'

export const restart: SlashCommand = {
  name: '/restart',
  description: 'tries again to reach the session',
  run: (context) => context.restart(),
}
