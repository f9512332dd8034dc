import type {SessionModel} from '../session/open-session.ts'

/** The terminal of the running program. */
export function TerminalView({model}: {model: SessionModel}) {
  return <p className="empty">{model.id}</p>
}
