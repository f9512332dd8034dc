import {sessionIdPattern} from '@holdfast/protocol'

import {pickSession} from './pick-session.ts'
import type {Word} from './word.ts'

export const resume: Word = {
  name: '/resume',
  description: 'opens another session; this one goes on',
  argument: {shape: '[ID]'},
  async run(context, id) {
    if (id === '') return await pickSession(context)
    if (sessionIdPattern.test(id)) return await context.openSession({kind: 'there', id})
    context.model.setNotice(`Expected the id of a session, as in the list of /sessions, got \`${id}\``)
  },
}
