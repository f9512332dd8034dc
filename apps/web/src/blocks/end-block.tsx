import type {EventPayload} from '@holdfast/protocol'
import {describeEnd} from '@holdfast/session-view'
import './end-block.css'

const meanings: Readonly<Record<string, {name: string; tone: string}>> = {
  '✓': {name: 'Succeeded', tone: 'success'},
  '✗': {name: 'Failed', tone: 'error'},
  '■': {name: 'Stopped', tone: 'warning'},
  '?': {name: 'Unknown', tone: 'warning'},
}

/** How a prompt ended: `✓ 0.3 s`. */
export function EndBlock({payload}: {payload: EventPayload<'message.complete'>}) {
  const text = describeEnd(payload)
  const sign = text.slice(0, 1)
  const {name, tone} = meanings[sign] ?? {name: '', tone: 'muted'}
  return (
    <p className="run-end" data-tone={tone}>
      <span className="run-sign" aria-hidden="true">
        {sign}
      </span>
      <span className="visually-hidden">{name}</span>
      <span>{text.slice(1).trim()}</span>
    </p>
  )
}
