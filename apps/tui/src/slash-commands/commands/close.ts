import {shorten} from '@holdfast/session-view'

import {waitingPrompts, type ScreenSnapshot} from '../../ui/screen-snapshot.ts'
import type {SlashCommand} from '../slash-command.ts'

export const close: SlashCommand = {
  name: '/close',
  description: 'ends the session and its shell; its log stays',
  async run({opened, model, composer, reportError}) {
    const open = await opened()
    const end = () => void open.close().catch(reportError)
    const losses = describeLosses(model.snapshot)
    if (losses === undefined) return end()
    composer.ask({title: `Close this session? ${losses}`, yes: 'closes the session', no: 'stays', onYes: end})
  },
}

/** The part of the command that is shown, UTF-16 units. */
const maxShownLength = 41

/** `undefined` if nothing is running and nothing waits. Pure. */
function describeLosses(snapshot: ScreenSnapshot): string | undefined {
  const running = snapshot.session?.running
  const waiting = waitingPrompts(snapshot).length
  const dropped = waiting === 0 ? undefined : `the queue (${waiting}) dropped`
  const stopped = running == null ? undefined : `\`${shorten(running.text, maxShownLength)}\` will be stopped`
  if (stopped === undefined) return dropped?.replace('dropped', 'will be dropped')
  return dropped === undefined ? stopped : `${stopped} and ${dropped}`
}
