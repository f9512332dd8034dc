import {useEffect, useRef, useState} from 'react'

import {Dialog} from '../ui/dialog.tsx'

export interface CloseDialogProps {
  title: string
  isRunning: boolean
  /** Without a connection the request would wait, and close the session when the user may not expect it any more. */
  isConnected: boolean
  onConfirm: () => Promise<unknown>
  /** The session is closed. Not called where the user has left the dialog meanwhile. */
  onClosed: () => void
  onClose: () => void
}

export function CloseDialog({title, isRunning, isConnected, onConfirm, onClosed, onClose}: CloseDialogProps) {
  const [isClosing, setIsClosing] = useState(false)
  const [problem, setProblem] = useState<string>()
  const isShown = useRef(false)
  useEffect(() => {
    isShown.current = true
    return () => void (isShown.current = false)
  }, [])
  const confirm = async () => {
    setIsClosing(true)
    setProblem(undefined)
    try {
      await onConfirm()
      if (isShown.current) onClosed()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
      setIsClosing(false)
    }
  }
  return (
    <Dialog title={`Close “${title}”?`} onClose={onClose}>
      <p>{isRunning ? 'What runs in it will be stopped. ' : ''}Its log stays.</p>
      <p role="alert" className="problem">
        {isConnected ? problem : 'It cannot be closed while the server cannot be reached.'}
      </p>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          className="button danger"
          disabled={!isConnected || isClosing}
          onClick={() => void confirm()}
        >
          Close the session
        </button>
      </div>
    </Dialog>
  )
}
