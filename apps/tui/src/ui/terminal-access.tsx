import {useApp, type SuspendTerminal} from 'ink'
import {useEffect} from 'react'

/** Renders nothing; passes on Ink's function that releases the terminal. */
export function TerminalAccess({onReady}: {onReady: (suspendTerminal: SuspendTerminal) => void}) {
  const {suspendTerminal} = useApp()
  useEffect(() => onReady(suspendTerminal), [onReady, suspendTerminal])
  return null
}
