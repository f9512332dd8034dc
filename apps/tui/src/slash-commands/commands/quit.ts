import type {SessionState} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal'

import type {SlashCommand} from '../slash-command.ts'

export const quit: SlashCommand = {
  name: '/quit',
  description: 'leaves; asks while something runs',
  run({model, composer, leave}) {
    const question = whatRunsOn(model.snapshot.session)
    if (question === undefined) leave()
    else composer.ask({title: question, yes: 'leaves', no: 'stays', onYes: leave})
  },
}

/** Of a prompt, so much is shown, in UTF-16 units. */
const longestShown = 40

/** Leaving ends nothing, which is not what `/quit` does elsewhere: so it is said. Pure. */
function whatRunsOn(session: SessionState | undefined): string | undefined {
  if (session?.running == null) return undefined
  const text = toPlainLine(session.running.text)
  const name = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
  const waiting = session.queue.length === 0 ? '' : `, then what waits (${session.queue.length})`
  return `Runs on without you: \`${name}\`${waiting}`
}
