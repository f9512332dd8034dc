import type {SlashCommand} from '../slash-command.ts'

export const close: SlashCommand = {
  name: '/close',
  description: 'ends the session, and what runs in it; what was said and printed stays',
  async run({opened, composer, tell}) {
    const open = await opened()
    const end = () => void open.close().catch(tell)
    if (open.state.running === null && open.state.queue.length === 0) return end()
    composer.ask({
      title: 'What runs in the session, and what waits, will be ended',
      yes: 'ends it',
      no: 'goes back',
      onYes: end,
    })
  },
}
