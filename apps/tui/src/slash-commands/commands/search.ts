import {createPickerOverlay} from '@holdfast/ink-composer'
import {toListLine, toPlainLine} from '@holdfast/terminal'
import {formatAge} from '@holdfast/session-view'

import {unbroken} from '../../ui/unbroken.ts'
import type {SlashCommand} from '../slash-command.ts'

/** Hits per session. */
const linesOfEach = 20

export const search: SlashCommand = {
  name: '/search',
  description: 'finds lines in all sessions that contain all words',
  argument: 'WORD…',
  async run({client, session, model, composer, pastPrompts, openSession, showCommand, answer, reportError}, argument) {
    const words = argument.split(/\s+/)
    const {sessions} = await client.request('session.search', {words, limit: linesOfEach})
    const now = Date.now()
    const hits = sessions.flatMap(({id, title, updated_at, hits: found}) =>
      found.map(({text, at, seq, prompt_id: promptId}) => ({
        id,
        at,
        seq,
        promptId,
        text: toPlainLine(text),
        from: `${toListLine(title)} · ${formatAge(now - updated_at)}`,
      })),
    )
    if (hits.length === 0)
      return model.setNotice(`No line contains ${argument.includes(' ') ? 'all of these words' : `\`${argument}\``}`)
    type Hit = (typeof hits)[number]
    const open = async ({id, at, seq, promptId, text}: Hit) => {
      if (id !== session()?.id) return await openSession({kind: 'existing', id, seq})
      if (promptId !== undefined && (await pastPrompts.openAt({promptId, seq, words, text}))) return
      const where = `In this session, ${formatAge(now - at)}; from there on: ${unbroken(showCommand(id, seq - 1))}`
      answer(`${text}\n${where}`)
    }
    composer.open((host) =>
      createPickerOverlay({
        host,
        title: 'found',
        verb: 'shows it in its session',
        items: hits,
        toRow: ({text, from}) => ({text, hint: from}),
        onPick: (hit) => void open(hit).catch(reportError),
      }),
    )
  },
}
