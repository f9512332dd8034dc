import {useApp, useStdout, type SuspendTerminal} from 'ink'
import {useEffect} from 'react'

/** What only Ink can do to the terminal while it draws. */
export interface Access {
  suspendTerminal: SuspendTerminal
  /** Writes above the live part, which is drawn anew. */
  write: (text: string) => void
}

/** Draws nothing; tells how to reach the terminal. */
export function TerminalAccess({onReady}: {onReady: (access: Access) => void}) {
  const {suspendTerminal} = useApp()
  const {write} = useStdout()
  useEffect(() => {
    onReady({suspendTerminal, write})
  }, [onReady, suspendTerminal, write])
  return null
}
