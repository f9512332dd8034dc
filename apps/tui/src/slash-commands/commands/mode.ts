import {chooseSetting} from '../agent/choose-setting.ts'
import type {SlashCommand} from '../slash-command.ts'

export const mode: SlashCommand = {
  name: '/mode',
  description: 'lists the modes of the agent, or sets one',
  argument: '[NAME]',
  run: (context, name) => chooseSetting(context, 'mode', name),
}
