import {formatElapsed, toolSign, type ActivityView} from '@holdfast/session-view'

import {useNow} from '../ui/line-status.tsx'
import {Plan} from './plan.tsx'

/** Shorter, nothing says how long it has taken, ms. */
const leastMs = 2000

/** What a coding agent does at this moment: its thought, its tools that run, its plan. */
export function ActivityPart({activity: {tools, thought, plan}}: {activity: ActivityView}) {
  const now = useNow(tools.length > 0 || thought !== undefined)
  const elapsed = (beganAt: number) => (now - beganAt < leastMs ? '' : formatElapsed(now - beganAt))
  return (
    <section className="activity" aria-label="In work">
      {thought !== undefined && (
        <p className="activity-row">
          <span className="spinner" aria-hidden="true" />
          <span className="activity-title">Thinking{thought.lastLine !== '' && `: ${thought.lastLine}`}</span>
          <span className="tool-facts">{elapsed(thought.beganAt)}</span>
        </p>
      )}
      {tools.map((tool) => (
        <div key={tool.id}>
          <p className="activity-row">
            <span className="spinner" aria-hidden="true" />
            <span className="tool-sign" aria-hidden="true">
              {toolSign(tool)}
            </span>
            <span className="activity-title">{tool.title}</span>
            <span className="tool-facts">{elapsed(tool.beganAt)}</span>
          </p>
          {tool.output.lines.length > 0 && <pre className="lines detail">{tool.output.lines.slice(-3).join('\n')}</pre>}
        </div>
      ))}
      {plan.length > 0 && <Plan entries={plan} />}
    </section>
  )
}
