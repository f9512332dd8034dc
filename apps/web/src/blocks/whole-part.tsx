import {readPart, type AgentLine, type AgentPart} from '@holdfast/session-view'
import {useState} from 'react'

import type {SessionModel} from '../session/open-session.ts'

export interface WholePartProps {
  part: AgentPart
  model: SessionModel
  label: string
  sign?: string
}

type Content = {kind: 'closed'} | {kind: 'reading'} | {kind: 'open'; lines: readonly AgentLine[]} | {kind: 'failed'}

/** A button that reads a thought, or all of a tool, from the log. */
export function WholePart({part, model, label, sign}: WholePartProps) {
  const [content, setContent] = useState<Content>({kind: 'closed'})
  const press = async () => {
    if (content.kind !== 'closed' && content.kind !== 'failed') return setContent({kind: 'closed'})
    setContent({kind: 'reading'})
    try {
      setContent({kind: 'open', lines: await readPart(part, model.readAfter)})
    } catch {
      setContent({kind: 'failed'})
    }
  }
  return (
    <div className="whole-part">
      <button
        type="button"
        className="more"
        aria-expanded={content.kind === 'open'}
        aria-busy={content.kind === 'reading'}
        onClick={() => void press()}
      >
        {sign !== undefined && <span aria-hidden="true">{sign} </span>}
        {label}
        <span className="more-sign" aria-hidden="true">
          {content.kind === 'open' ? '▴' : '▾'}
        </span>
      </button>
      {content.kind === 'failed' && <p className="note warning">It cannot be read now: the page is not connected.</p>}
      {content.kind === 'open' && (
        <pre className="lines detail">{content.lines.map(({text}) => text.replace(/^Thinking: /, '')).join('\n')}</pre>
      )}
    </div>
  )
}
