import type {SessionState} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal'

import type {SlashCommand} from '../slash-command.ts'

export const quit: SlashCommand = {
  name: '/quit',
  description: 'leaves, and asks first if a command is running',
  run({model, composer, leave}) {
    const question = describeRunning(model.snapshot.session)
    if (question === undefined) leave()
    else composer.ask({title: question, yes: 'leaves', no: 'stays', onYes: leave})
  },
}

/** The part of the command that is shown, UTF-16 units. */
const maxShownLength = 40

/** Elsewhere `/quit` ends the command, here it does not: so the user is told. Pure. */
function describeRunning(session: SessionState | undefined): string | undefined {
  if (session?.running == null) return undefined
  const text = toPlainLine(session.running.text)
  const name = text.length > maxShownLength ? `${text.slice(0, maxShownLength)}…` : text
  const waiting = session.queue.length === 0 ? '' : `, then the queue (${session.queue.length})`
  return `Keeps running: \`${name}\`${waiting}`
}
