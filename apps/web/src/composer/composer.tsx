import {useState, type FormEvent} from 'react'

import type {SessionModel} from '../session/open-session.ts'
import './composer.css'

export function Composer({model}: {model: SessionModel}) {
  const [text, setText] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void model.session()?.submit(text)
    setText('')
  }
  return (
    <form className="composer" onSubmit={submit}>
      <textarea value={text} onChange={(event) => setText(event.target.value)} aria-label="Prompt" rows={1} />
      <button type="submit" className="button primary">
        Send
      </button>
    </form>
  )
}
