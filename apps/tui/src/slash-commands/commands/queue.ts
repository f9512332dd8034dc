import type {SlashCommand} from '../slash-command.ts'

export const queue: SlashCommand = {
  name: '/queue',
  description: 'edits, removes or reorders queued prompts',
  run({showQueue, model}) {
    if (!showQueue()) model.setNotice('The queue is empty')
  },
}
