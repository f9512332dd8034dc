import {formatClock, withChips} from '@holdfast/session-view'

import type {BlockOf} from '../transcript/block.ts'
import {useNow} from '../ui/line-status.tsx'
import './prompt-block.css'

/** A prompt that was started, and when. */
export function PromptBlock({block: {text, at, isForAgent}}: {block: BlockOf<'prompt'>}) {
  const now = useNow(false)
  return (
    <div className="prompt" data-for={isForAgent ? 'agent' : 'shell'}>
      <span className="prompt-sign" aria-hidden="true">
        ❯
      </span>
      <pre className="prompt-text">
        <span className="visually-hidden">{isForAgent ? 'You: ' : 'Command: '}</span>
        {isForAgent ? <Mentions text={text} /> : text}
      </pre>
      <time className="prompt-time" dateTime={new Date(at).toISOString()}>
        {formatClock(at, now)}
      </time>
    </div>
  )
}

function Mentions({text}: {text: string}) {
  return text.split('\n').map((line, row) => (
    <span key={row}>
      {row > 0 && '\n'}
      {withChips(line).map((part, at) =>
        part.isChip ? (
          <span key={at} className="mention">
            {part.text}
          </span>
        ) : (
          part.text
        ),
      )}
    </span>
  ))
}
