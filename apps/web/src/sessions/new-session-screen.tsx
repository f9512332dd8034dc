import {useId, useMemo, useState, type FormEvent} from 'react'

import {useApp} from '../app-context.ts'
import {goTo} from '../route.ts'
import {useStore} from '../store.ts'
import {Icon} from '../ui/icon.tsx'
import {isTouch} from '../ui/typing-focus.ts'
import '../ui/form.css'

/** Folders and agents that are offered: those of the sessions that were used last. */
const maxOffered = 30

/** Starts a session: in which folder, with a shell or a coding agent. */
export function NewSessionScreen() {
  const {isReadOnly} = useApp()
  if (!isReadOnly) return <NewSessionForm />
  return (
    <section className="form" aria-labelledby="new-session-title">
      <Head />
      <p>This device is read-only: it starts no session.</p>
    </section>
  )
}

function Head() {
  return (
    <div className="form-head">
      <a className="button quiet square back" href="#/" aria-label="All sessions">
        <Icon name="back" />
      </a>
      <h1 id="new-session-title">New session</h1>
    </div>
  )
}

function NewSessionForm() {
  const {link} = useApp()
  const sessions = useStore(link.sessions)
  const [folder, setFolder] = useState('~/')
  const [agent, setAgent] = useState('shell')
  const [title, setTitle] = useState('')
  const [problem, setProblem] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)
  const [folderId, agentId, titleId, foldersId, agentsId] = [useId(), useId(), useId(), useId(), useId()]
  const known = useMemo(() => {
    const listed = [...(sessions?.values() ?? [])]
    const agents = new Set(['shell', ...listed.map((session) => session.agent)])
    return {
      folders: [...new Set(listed.map(({cwd}) => cwd))].slice(0, maxOffered),
      agents: [...agents].slice(0, maxOffered),
    }
  }, [sessions])

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setIsBusy(true)
    setProblem(undefined)
    try {
      const id = await link.client.createSession({
        cwd: folder.trim(),
        ...(agent.trim() !== 'shell' && agent.trim() !== '' && {agent: agent.trim()}),
        ...(title.trim() !== '' && {title: title.trim()}),
      })
      goTo({kind: 'session', id, isTerminal: false})
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
      setIsBusy(false)
    }
  }
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <Head />
      <label htmlFor={folderId}>Folder</label>
      <input
        id={folderId}
        className="field mono"
        value={folder}
        list={foldersId}
        required
        autoFocus={!isTouch()}
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        onChange={(event) => setFolder(event.target.value)}
      />
      <datalist id={foldersId}>
        {known.folders.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <p className="field-hint">An absolute path, or one that begins with ~/, on the machine of the sessions.</p>
      <label htmlFor={agentId}>Shell or agent</label>
      <input
        id={agentId}
        className="field"
        value={agent}
        list={agentsId}
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        onChange={(event) => setAgent(event.target.value)}
      />
      <datalist id={agentsId}>
        {known.agents.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <p className="field-hint">The word shell, or the name of a coding agent in the settings.</p>
      <label htmlFor={titleId}>Title</label>
      <input
        id={titleId}
        className="field"
        value={title}
        maxLength={200}
        placeholder="The name of the folder"
        onChange={(event) => setTitle(event.target.value)}
      />
      <p role="alert" className="problem">
        {problem}
      </p>
      <button type="submit" className="button primary" disabled={isBusy}>
        {isBusy ? 'Starting …' : 'Start'}
      </button>
    </form>
  )
}
