import {useState, type FormEvent} from 'react'

import {useApp} from '../app-context.ts'
import {goTo} from '../route.ts'

/** Starts a session. */
export function NewSessionScreen() {
  const {link} = useApp()
  const [folder, setFolder] = useState('~/')
  const [problem, setProblem] = useState<string>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      const id = await link.client.createSession({cwd: folder})
      goTo({kind: 'session', id, isTerminal: false})
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <label>
        Folder <input value={folder} onChange={(event) => setFolder(event.target.value)} />
      </label>
      <p role="alert">{problem}</p>
      <button type="submit" className="button primary">
        Start
      </button>
    </form>
  )
}
