import {useId, useState, type FormEvent} from 'react'

import {Dialog} from '../ui/dialog.tsx'

export interface RenameDialogProps {
  title: string
  onRename: (title: string) => Promise<unknown>
  onClose: () => void
}

export function RenameDialog({title: before, onRename, onClose}: RenameDialogProps) {
  const [title, setTitle] = useState(before)
  const [problem, setProblem] = useState<string>()
  const id = useId()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await onRename(title.trim())
      onClose()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Dialog title="Rename the session" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <label htmlFor={id}>Title</label>
        <input
          id={id}
          className="field"
          value={title}
          maxLength={200}
          required
          onChange={(event) => setTitle(event.target.value)}
        />
        <p role="alert" className="problem">
          {problem}
        </p>
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary">
            Rename
          </button>
        </div>
      </form>
    </Dialog>
  )
}
