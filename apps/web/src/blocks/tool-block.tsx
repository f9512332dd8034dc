import {formatDuration, formatLines, type AgentBlocks, type ShownTool} from '@holdfast/session-view'

import type {SessionModel} from '../session/open-session.ts'
import {DiffView} from './diff-view.tsx'
import {WholePart} from './whole-part.tsx'

/** A tool that took less needs no duration, ms: an agent calls many, and each that stands out took long. */
const leastToolMs = 1000
/** Lines of the output of a tool that is complete; of any other, which the user should look at. */
const [fewLines, moreLines] = [3, 8]

const signs: Readonly<Record<string, string>> = {
  read: '≡',
  edit: '✎',
  delete: '⌫',
  move: '→',
  search: '⌕',
  execute: '$',
  think: '✻',
  fetch: '⇣',
}

/** What each kind of tool begins with. */
export function signOf({kind}: Pick<ShownTool, 'kind'>): string {
  return signs[kind ?? ''] ?? '⚙'
}

/** How a tool ended, by its state. */
const ends: Readonly<Record<string, {tone: string; text: string}>> = {
  completed: {tone: 'success', text: ''},
  failed: {tone: 'error', text: 'failed'},
  cancelled: {tone: 'warning', text: 'cancelled'},
  unknown: {tone: 'warning', text: 'outcome unknown'},
  not_run: {tone: 'muted', text: 'not run'},
}

/** A tool that has ended: its title and state, and below it what it changed and printed. */
export function ToolBlock({block, model}: {block: AgentBlocks['tool']; model: SessionModel}) {
  const {tool, state, exit, durationMs, part} = block
  const {tone, text} = ends[state] ?? {tone: 'muted', text: state}
  const facts = [text, exit ?? '', durationMs < leastToolMs ? '' : formatDuration(durationMs)]
  const {lines, left} = tool.output
  const most = state === 'completed' ? fewLines : moreLines
  const isLong = left + lines.length > most + 1
  const shown = isLong ? (state === 'completed' ? [] : lines.slice(-moreLines)) : lines
  return (
    <article className="tool" data-tone={tone}>
      <p className="tool-head">
        <span className="tool-sign" aria-hidden="true">
          {signOf(tool)}
        </span>
        <span className="tool-title">{tool.title}</span>
        <span className="tool-facts">{facts.filter((fact) => fact !== '').join(' · ')}</span>
      </p>
      {tool.command.length > 0 && <pre className="lines detail">{tool.command.join('\n')}</pre>}
      {tool.changes.map((change, at) => (
        <DiffView key={at} change={change} />
      ))}
      {isLong && <WholePart part={part} model={model} label={formatLines(left + lines.length - shown.length)} />}
      {shown.length > 0 && <pre className="lines detail">{shown.join('\n')}</pre>}
    </article>
  )
}
