import {Component, useState, type ReactNode} from 'react'

import {isServed} from '../gateway/access.ts'

export interface ErrorBoundaryProps {
  /** Drawn in place of the children once one of them has thrown. @default a message, and a button that reloads the page */
  fallback?: ReactNode
  children: ReactNode
}

/** Keeps the rest of the page where a part of it cannot be loaded, or fails. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, {hasFailed: boolean}> {
  override state = {hasFailed: false}

  static getDerivedStateFromError() {
    return {hasFailed: true}
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children
    return this.props.fallback ?? <FailedPart />
  }
}

function FailedPart() {
  const [isAway, setIsAway] = useState(false)
  /** Without its server, there may be no page to load. */
  const reload = async () => {
    if (await isServed()) location.reload()
    else setIsAway(true)
  }
  return (
    <div role="alert" className="empty failed-part">
      <p>This part of the page could not be loaded, or has failed.</p>
      {isAway && <p>The server does not answer. Try again when the page is connected.</p>}
      <button type="button" className="button" onClick={() => void reload()}>
        Reload the page
      </button>
    </div>
  )
}
