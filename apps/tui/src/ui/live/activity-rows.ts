import {cutLine, formatElapsed, leastToolMs, toolSign, type RunningTool} from '@holdfast/session-view'

import cliTruncate from 'cli-truncate'

import {drawPlan} from '../agent/draw-notes.ts'
import type {ScreenSnapshot} from '../screen-snapshot.ts'

/** The last lines of what a running tool prints. */
const maxOutputRows = 4

/** What the coding agent does now: its thought, the tools that run, its plan. `now`: epoch ms. Pure. */
export function activityRows({activity, session, size, paint}: ScreenSnapshot, now: number): readonly string[] {
  if (activity === undefined) return []
  const since = (beganAt: number) => (now - beganAt < leastToolMs ? [] : [formatElapsed(now - beganAt)])
  const drawTool = (tool: RunningTool) => [
    [
      `${paint('accent', toolSign(tool))} ${tool.title}`,
      ...since(tool.beganAt).map((time) => paint('muted', time)),
    ].join(paint('muted', ' · ')),
    ...tool.output.lines.slice(-maxOutputRows).map((line) => paint('muted', `  ${cutLine(line)}`)),
  ]
  const {thought} = activity
  const thinking =
    thought === undefined
      ? []
      : [paint('muted', ['✻ Thinking', ...since(thought.beganAt), thought.lastLine].filter(Boolean).join(' · '))]
  // The question about a tool shows it.
  const asked = session?.approvals[0]?.tool_call_id
  const tools = activity.tools.filter(({id}) => id !== asked)
  const rows = [...thinking, ...tools.flatMap(drawTool), ...drawPlan(activity.plan, paint)]
  return rows.map((row) => cliTruncate(row, size.cols))
}
