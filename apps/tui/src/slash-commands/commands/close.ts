import type {SlashCommand} from '../slash-command.ts'

export const close: SlashCommand = {
  name: '/close',
  description: 'ends the session and its shell; its log stays',
  async run({opened, composer, reportError}) {
    const open = await opened()
    const end = () => void open.close().catch(reportError)
    if (open.state.running === null && open.state.queue.length === 0) return end()
    composer.ask({
      title: 'The running command will be stopped and the queue dropped',
      yes: 'ends it',
      no: 'goes back',
      onYes: end,
    })
  },
}
