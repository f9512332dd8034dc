import {useStore} from '../store.ts'
import type {SessionModel} from '../session/open-session.ts'
import './transcript.css'

export function Transcript({model}: {model: SessionModel}) {
  const {blocks, hasOlder} = useStore(model.transcript)
  return (
    <div className="transcript" role="log" aria-label="Transcript">
      {hasOlder && (
        <button type="button" className="button" onClick={() => void model.loadOlder()}>
          Show earlier
        </button>
      )}
      {blocks.map(({id, text}) => (
        <pre key={id}>{text}</pre>
      ))}
    </div>
  )
}
