import {sessionIdPattern, type SessionSummary} from '@holdfast/protocol'
import {shortenFolder} from '@holdfast/session-view'

import {userFolder} from '../../process/user-folder.ts'
import {createLastLines} from '../../sessions/last-lines.ts'
import {readLastLine} from '../../sessions/read-last-line.ts'
import {createBoardOverlay} from '../../ui/board/board-overlay.ts'
import type {SlashCommand, SlashCommandContext} from '../slash-command.ts'
import {readTagChanges} from './tag.ts'
import {toTitle} from './title.ts'

export const sessionsCommand: SlashCommand = {
  name: '/sessions',
  description: 'opens another session, by id or from a live list; renames, tags and closes them',
  argument: '[ID]',
  async run(context, id) {
    if (id === '') return openBoard(context)
    if (sessionIdPattern.test(id)) return await context.openSession({kind: 'existing', id})
    context.model.setNotice(`Expected the id of a session, as in the list of /sessions, got \`${id}\``)
  },
}

/** Opens the list of all sessions, which follows them as long as it is open. */
function openBoard(context: SlashCommandContext): void {
  const {client, session, model, composer, openSession, reportError} = context
  const {machine, bindings} = model.snapshot
  const home = machine === undefined ? userFolder() : undefined
  const attempt = (work: () => Promise<unknown>) => void work().catch(reportError)
  composer.open((host) => {
    let sessions: readonly SessionSummary[] | undefined
    const lastLines = createLastLines((id) => readLastLine(client, id), host.redraw)
    const end = client.watchSessions((all) => {
      sessions = [...all.values()]
      host.redraw()
    })
    return createBoardOverlay({
      host,
      sessions: () => sessions,
      factsOf: ({id, cwd, latest_seq, state}) => ({
        isHere: id === session()?.id,
        lastLine: state === 'unreadable' ? undefined : lastLines.of(id, latest_seq),
        folder: home === undefined ? cwd : shortenFolder(cwd, home),
        now: Date.now(),
      }),
      columns: () => model.snapshot.size.cols,
      bindings,
      actions: {
        open: ({id}) => attempt(() => openSession({kind: 'existing', id})),
        openBeside: ({cwd}) => attempt(() => openSession({kind: 'new', folder: cwd})),
        rename: ({id}, title) =>
          attempt(() => client.request('session.title', {session_id: id, title: toTitle(title)})),
        tag({id}, text) {
          const changes = readTagChanges(text)
          if ('why' in changes) return model.setNotice(changes.why)
          attempt(() => client.request('session.tag', {session_id: id, ...changes}))
        },
        close: ({id}) => attempt(() => client.request('session.close', {session_id: id})),
      },
      onClosed() {
        lastLines.stop()
        end()
      },
    })
  })
}
