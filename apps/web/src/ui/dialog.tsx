import {useId, useLayoutEffect, useRef, type ReactNode} from 'react'
import './dialog.css'

export interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
}

/** A window above the page: the browser keeps the focus in it, gives it back at the end, and Esc closes it. */
export function Dialog({title, onClose, children}: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  // The browser gives the focus back only where the dialog is closed before it is removed.
  useLayoutEffect(() => {
    const dialog = element.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog ref={element} className="dialog" aria-labelledby={titleId} onClose={onClose}>
      <h2 id={titleId}>{title}</h2>
      {children}
    </dialog>
  )
}
