import type {Viewers} from '@holdfast/protocol'
import type {TerminalSize} from '@holdfast/terminal'

import {shownName} from './from.ts'

/** Who else looks at the session: `phone also looks`, `3 others look`; empty if nobody does. Pure. */
export function othersText({viewers, more = 0}: Viewers): string {
  const [first, second] = viewers.map(({name}) => shownName(name))
  const count = viewers.length + more
  if (first === undefined) return ''
  if (count === 1) return `${first} also looks`
  return count === 2 && first !== second ? `${first} and ${second} also look` : `${count} others look`
}

/** The size of the session's terminal, where others set it: `80×24, as phone's`; empty where it is that of this screen. Pure. */
export function otherSizeText({cols, rows, viewers}: Viewers, own: TerminalSize): string {
  const setter = viewers.find(({sets_size}) => sets_size)
  if (setter === undefined || (cols === own.cols && rows === own.rows)) return ''
  return `${cols}×${rows}, as ${shownName(setter.name)}'s`
}
