import type {SlashCommand} from '../slash-command.ts'

export const queue: SlashCommand = {
  name: '/queue',
  description: 'shows what waits, to be changed, removed or sent now',
  run({showQueue, model}) {
    if (!showQueue()) model.setNotice('Nothing waits in the queue')
  },
}
