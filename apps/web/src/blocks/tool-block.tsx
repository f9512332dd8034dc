import {
  formatDuration,
  formatLines,
  leastToolMs,
  toolEnd,
  toolOutput,
  toolSign,
  type AgentBlocks,
} from '@holdfast/session-view'

import type {SessionModel} from '../session/open-session.ts'
import {DiffView} from './diff-view.tsx'
import {WholePart} from './whole-part.tsx'
import './tool-block.css'

/** A tool that has ended: its title and state, and below it what it changed and printed. */
export function ToolBlock({block, model}: {block: AgentBlocks['tool']; model: SessionModel}) {
  const {tool, exit, durationMs, part} = block
  const {tone, text} = toolEnd(block)
  const facts = [text, exit ?? '', durationMs < leastToolMs ? '' : formatDuration(durationMs)]
  const {lines, left} = toolOutput(block)
  return (
    <article className="tool" data-tone={tone}>
      <p className="tool-head">
        <span className="tool-sign" aria-hidden="true">
          {toolSign(tool)}
        </span>
        <span className="tool-title">{tool.title}</span>
        <span className="tool-facts">{facts.filter((fact) => fact !== '').join(' · ')}</span>
      </p>
      {tool.command.length > 0 && <pre className="lines detail">{tool.command.join('\n')}</pre>}
      {tool.changes.map((change, at) => (
        <DiffView key={at} change={change} />
      ))}
      {left > 0 && <WholePart part={part} model={model} label={formatLines(left)} />}
      {lines.length > 0 && <pre className="lines detail">{lines.join('\n')}</pre>}
    </article>
  )
}
