import type {SlashCommand} from '../slash-command.ts'

export const undoQueue: SlashCommand = {
  name: '/undo-queue',
  description: 'takes the prompt that was queued last back into the draft',
  async run({opened, model, composer}) {
    const session = await opened()
    const last = session.state.queue.at(-1)
    if (last === undefined) return model.setNotice('The queue is empty')
    if (await session.withdraw(last.prompt_id)) composer.restore(last.text)
    else model.setNotice('The prompt is already running: Ctrl-C interrupts it')
  },
}
