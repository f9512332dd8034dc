import {sessionIdPattern} from '@holdfast/protocol'

import {pickSession} from './pick-session.ts'
import type {SlashCommand} from './slash-command.ts'

export const sessions: SlashCommand = {
  name: '/sessions',
  description: 'opens another session, by its id or from the list; this one runs on',
  argument: {shape: '[ID]'},
  async run(context, id) {
    if (id === '') return await pickSession(context)
    if (sessionIdPattern.test(id)) return await context.openSession({kind: 'there', id})
    context.model.setNotice(`Expected the id of a session, as in the list of /sessions, got \`${id}\``)
  },
}
