import {shorten} from '@holdfast/session-view'

import {waitingPrompts, type ScreenSnapshot} from '../../ui/screen-snapshot.ts'
import type {SlashCommand} from '../slash-command.ts'

export const quit: SlashCommand = {
  name: '/quit',
  description: 'leaves, and asks first if a command is running',
  run({model, composer, leave}) {
    const question = describeRunning(model.snapshot)
    if (question === undefined) leave()
    else composer.ask({title: question, yes: 'leaves', no: 'stays', onYes: leave})
  },
}

/** The part of the command that is shown, UTF-16 units. */
const maxShownLength = 41

/** In other programs, `/quit` ends the running command; here the command keeps running, so the question says so. Pure. */
function describeRunning(snapshot: ScreenSnapshot): string | undefined {
  const {session} = snapshot
  if (session?.running == null) return undefined
  const waiting = waitingPrompts(snapshot).length
  const queue = waiting === 0 ? '' : `, then the queue (${waiting})`
  return `Keeps running: \`${shorten(session.running.text, maxShownLength)}\`${queue}`
}
