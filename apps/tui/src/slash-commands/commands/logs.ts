import {lastLogLines} from '../../doctor/last-log-lines.ts'
import type {SlashCommand} from '../slash-command.ts'

export const logs: SlashCommand = {
  name: '/logs',
  description: 'shows who died last, and how',
  run: ({model, home}) => model.addBlock({kind: 'answer', text: lastLogLines(home).join('\n')}),
}
