import {formatElapsed, type AgentBlock, type AgentBlocks} from '@holdfast/session-view'

import type {SessionModel} from '../session/open-session.ts'
import {Plan} from './plan.tsx'
import {ToolBlock} from './tool-block.tsx'
import {WholePart} from './whole-part.tsx'

/** A part of what a coding agent did, when it has ended. */
export function AgentPart({part, model}: {part: AgentBlock; model: SessionModel}) {
  switch (part.kind) {
    case 'tool':
      return <ToolBlock block={part} model={model} />
    case 'thought':
      return <Thought block={part} model={model} />
    case 'plan':
      return <Plan entries={part.entries} />
    case 'question':
      return (
        <p className="note">
          <span aria-hidden="true">? </span>
          {part.title === '' ? part.end : `${part.title} · ${part.end}`}
        </p>
      )
    case 'agent':
      return part.lines.map(({text, tone}, at) => (
        <p key={at} className={tone === 'warning' || tone === 'failure' ? 'note warning' : 'note'}>
          {text}
        </p>
      ))
  }
}

/** A shorter thought says no time, ms. */
const leastThoughtMs = 1000

function Thought({block: {durationMs, part}, model}: {block: AgentBlocks['thought']; model: SessionModel}) {
  const time = durationMs < leastThoughtMs ? '' : ` for ${formatElapsed(durationMs)}`
  return <WholePart part={part} model={model} label={`Thought${time}`} sign="✻" />
}
