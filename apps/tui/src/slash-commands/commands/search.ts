import {createPickerOverlay} from '@holdfast/ink-composer'
import {toListLine, toPlainLine} from '@holdfast/terminal'
import {formatAge} from '@holdfast/session-view'

import type {SlashCommand} from '../slash-command.ts'

/** Hits per session. */
const linesOfEach = 20

export const search: SlashCommand = {
  name: '/search',
  description: 'finds lines in all sessions that contain all words',
  argument: 'WORD…',
  async run({client, session, model, composer, openSession, showCommand, answer, reportError}, argument) {
    const {sessions} = await client.request('session.search', {words: argument.split(/\s+/), limit: linesOfEach})
    const now = Date.now()
    const hits = sessions.flatMap(({id, title, updated_at, hits: found}) =>
      found.map(({text, at, seq}) => ({
        id,
        at,
        seq,
        text: toPlainLine(text),
        from: `${toListLine(title)} · ${formatAge(now - updated_at)}`,
      })),
    )
    if (hits.length === 0)
      return model.setNotice(`No line contains ${argument.includes(' ') ? 'all of these words' : `\`${argument}\``}`)
    composer.open((host) =>
      createPickerOverlay({
        host,
        title: 'found',
        verb: 'opens its session, or says where it is in this one',
        items: hits,
        toRow: ({text, from}) => ({text, hint: from}),
        onPick({id, at, seq, text}) {
          if (id !== session()?.id) return void openSession({kind: 'existing', id, seq}).catch(reportError)
          const where = `In this session, ${formatAge(now - at)}; from there on: ${showCommand(id, seq - 1)}`
          answer(`${text}\n${where}`)
        },
      }),
    )
  },
}
