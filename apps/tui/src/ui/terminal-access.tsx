import {useApp, useStdout, type SuspendTerminal} from 'ink'
import {useEffect} from 'react'

/** Access to the terminal while Ink draws. */
export interface Access {
  suspendTerminal: SuspendTerminal
  /** Writes above the live region. */
  write: (text: string) => void
}

/** Renders nothing; passes on access to the terminal. */
export function TerminalAccess({onReady}: {onReady: (access: Access) => void}) {
  const {suspendTerminal} = useApp()
  const {write} = useStdout()
  useEffect(() => {
    onReady({suspendTerminal, write})
  }, [onReady, suspendTerminal, write])
  return null
}
