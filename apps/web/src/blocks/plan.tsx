import type {PlanEntry} from '@holdfast/session-view'
import './plan.css'

const states: Readonly<Record<string, {sign: string; name: string}>> = {
  completed: {sign: '✓', name: 'Done'},
  in_progress: {sign: '▸', name: 'Now'},
}
const toDo = {sign: '', name: 'To do'}

/** The plan of an agent. */
export function Plan({entries}: {entries: readonly PlanEntry[]}) {
  const done = entries.filter(({status}) => status === 'completed').length
  return (
    <section className="plan" aria-label="Plan">
      <p className="plan-head">
        Plan{' '}
        <span className="muted">
          {done} of {entries.length}
        </span>
      </p>
      <ul>
        {entries.map(({content, status}, at) => {
          const {sign, name} = states[status] ?? toDo
          return (
            <li key={at} className="plan-entry" data-status={status}>
              <span className="plan-sign" aria-hidden="true">
                {sign}
              </span>
              <span className="visually-hidden">{name}: </span>
              <span>{content}</span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
