import {toTitle} from '../../sessions/to-title.ts'
import type {SlashCommand} from '../slash-command.ts'

export const title: SlashCommand = {
  name: '/title',
  description: 'renames the session',
  argument: 'TITLE',
  async run({client, opened}, text) {
    await client.request('session.title', {session_id: (await opened()).id, title: toTitle(text)})
  },
}
