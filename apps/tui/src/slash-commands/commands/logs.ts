import {describeCrashLog} from '../../doctor/describe-crash-log.ts'
import type {SlashCommand} from '../slash-command.ts'

export const logs: SlashCommand = {
  name: '/logs',
  description: 'shows the end of the crash log',
  run: ({home, answer}) => answer(describeCrashLog(home).join('\n')),
}
