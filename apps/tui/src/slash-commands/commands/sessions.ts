import {createPickerOverlay} from '@holdfast/ink-composer'
import {sessionIdPattern} from '@holdfast/protocol'
import {toListLine, toPlainLine} from '@holdfast/terminal'

import {formatAge} from '../../format/quantities.ts'
import {readLastLine} from '../../sessions/read-last-line.ts'
import type {SlashCommand, SlashCommandContext} from '../slash-command.ts'

export const sessionsCommand: SlashCommand = {
  name: '/sessions',
  description: 'opens another session, by id or from a list',
  argument: '[ID]',
  async run(context, id) {
    if (id === '') return await pickSession(context)
    if (sessionIdPattern.test(id)) return await context.openSession({kind: 'existing', id})
    context.model.setNotice(`Expected the id of a session, as in the list of /sessions, got \`${id}\``)
  },
}

/** The last line is read for this many sessions, the most recently used ones. */
const readLines = 30

/** The length of `running` and `stopped`. */
const stateWidth = 7

/** Lists the sessions and opens the picked one. */
async function pickSession({
  client,
  session,
  model,
  composer,
  openSession,
  reportError,
}: SlashCommandContext): Promise<void> {
  const sessions = await client.listSessions()
  const readable = sessions
    .filter(({state}) => state !== 'unreadable')
    .sort((first, second) => Number(first.one_shot ?? false) - Number(second.one_shot ?? false))
  if (readable.length === 0) return model.setNotice('There are no sessions')
  const now = Date.now()
  const lastLines = new Map<string, string>()
  composer.open((host) => {
    let isClosed = false
    const readAll = async () => {
      for (const {id} of readable.slice(0, readLines)) {
        if (isClosed) return
        const line = await readLastLine(client, id)
        if (line !== undefined) lastLines.set(id, line)
        host.redraw()
      }
    }
    // The list is useful without last lines.
    readAll().catch(() => undefined)
    return createPickerOverlay({
      host,
      title: 'sessions',
      verb: 'opens it',
      items: readable,
      toRow: ({id, state, title, cwd, updated_at, one_shot}) => ({
        text: `${(id === session()?.id ? 'here' : state).padEnd(stateWidth)}  ${toListLine(title)}`,
        hint: [
          one_shot === true ? 'holdfast run' : '',
          formatAge(now - updated_at),
          toPlainLine(cwd),
          lastLines.get(id),
        ]
          .filter((word) => word !== undefined && word !== '')
          .join(' · '),
      }),
      onPick({id}) {
        void openSession({kind: 'existing', id}).catch(reportError)
      },
      onClosed: () => (isClosed = true),
    })
  })
}
