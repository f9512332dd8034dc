import {useEffect, useState} from 'react'

import {describeLine} from '../gateway/line.ts'
import {useApp} from '../app-context.ts'
import {useStore} from '../store.ts'

/** The time, epoch ms, again each second while it is wanted. */
export function useNow(isWanted: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isWanted) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [isWanted])
  return now
}

/** Whether the page reaches the gateway, in two words, and the button that tries again. */
export function LineStatus() {
  const {link, isReadOnly} = useApp()
  const line = useStore(link.line)
  const now = useNow(line.kind === 'reconnecting')
  const canRetry = line.kind === 'reconnecting' || line.kind === 'broken'
  return (
    <div className="line-status" data-line={line.kind}>
      <span className="line-dot" aria-hidden="true" />
      <span className="line-text">{describeLine(line, now)}</span>
      {/* A countdown would be read aloud each second. */}
      <span role="status" className="visually-hidden">
        {describeLine(line, Infinity)}
      </span>
      {isReadOnly && <span className="tag">read-only</span>}
      {canRetry && (
        <button type="button" className="link-button" onClick={link.retry}>
          Try now
        </button>
      )}
    </div>
  )
}
