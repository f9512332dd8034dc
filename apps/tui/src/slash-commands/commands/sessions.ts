import {createPickerOverlay} from '@holdfast/ink-composer'
import {sessionIdPattern} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal'

import {formatAge} from '../../format/quantities.ts'
import {readLastLine} from '../../sessions/read-last-line.ts'
import type {SlashCommand, SlashCommandContext} from '../slash-command.ts'

export const sessionsCommand: SlashCommand = {
  name: '/sessions',
  description: 'opens another session, by its id or from the list; this one runs on',
  argument: {shape: '[ID]'},
  async run(context, id) {
    if (id === '') return await pickSession(context)
    if (sessionIdPattern.test(id)) return await context.openSession({kind: 'there', id})
    context.model.setNotice(`Expected the id of a session, as in the list of /sessions, got \`${id}\``)
  },
}

/** Of so many sessions, the last used, their last line is read. */
const readLines = 30

/** The length of `running` and `stopped`. */
const longestState = 7

/** Shows the sessions, and opens the one that is picked. */
async function pickSession({client, session, model, composer, openSession, tell}: SlashCommandContext): Promise<void> {
  const {sessions} = await client.request('session.list', {})
  const there = sessions.filter(({state}) => state !== 'unreadable')
  if (there.length === 0) return model.setNotice('There are no sessions yet')
  const now = Date.now()
  const lastLines = new Map<string, string>()
  composer.open((host) => {
    let isClosed = false
    const readAll = async () => {
      for (const {id} of there.slice(0, readLines)) {
        if (isClosed) return
        const line = await readLastLine(client, id)
        if (line !== undefined) lastLines.set(id, line)
        host.redraw()
      }
    }
    // A list without last lines is a list yet.
    readAll().catch(() => undefined)
    const picker = createPickerOverlay({
      host,
      title: 'sessions',
      verb: 'opens it',
      items: there,
      toRow: ({id, state, title, cwd, updated_at}) => ({
        text: `${(id === session()?.id ? 'here' : state).padEnd(longestState)}  ${toPlainLine(title)}`,
        hint: [formatAge(now - updated_at), toPlainLine(cwd), lastLines.get(id)]
          .filter((word) => word !== undefined && word !== '')
          .join(' · '),
      }),
      onPick({id}) {
        void openSession({kind: 'there', id}).catch(tell)
      },
    })
    return {
      ...picker,
      get view() {
        return picker.view
      },
      closed: () => void (isClosed = true),
    }
  })
}
