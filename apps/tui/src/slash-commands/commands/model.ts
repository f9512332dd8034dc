import {chooseSetting} from '../agent/choose-setting.ts'
import type {SlashCommand} from '../slash-command.ts'

export const modelCommand: SlashCommand = {
  name: '/model',
  description: 'lists the models of the agent, or sets one',
  argument: '[NAME]',
  run: (context, name) => chooseSetting(context, 'model', name),
}
