import type {Approval} from '@holdfast/protocol'
import {askedParts, type RunningTool} from '@holdfast/session-view'
import {useEffect, useState} from 'react'

import {useApp} from '../app-context.ts'
import {DiffView} from '../blocks/diff-view.tsx'
import type {SessionModel} from '../session/open-session.ts'
import {useStore} from '../store.ts'
import './questions.css'

/** A question is not answered by a touch that was meant for what stood there before, ms. */
const stillMs = 300

/** What a coding agent asks: all that the question is about, and a big button for each answer. */
export function Questions({model}: {model: SessionModel}) {
  const {state} = useStore(model.view)
  const {activity} = useStore(model.transcript)
  const [approval] = state?.approvals ?? []
  if (state === undefined || approval === undefined) return null
  const tool = activity?.tools.find(({id}) => id === approval.tool_call_id)
  return (
    <Question key={approval.approval_id} model={model} approval={approval} tool={tool} count={state.approvals.length} />
  )
}

interface QuestionProps {
  model: SessionModel
  approval: Approval
  tool: RunningTool | undefined
  /** Open questions. */
  count: number
}

function Question({model, approval, tool, count}: QuestionProps) {
  const {isReadOnly} = useApp()
  const [isReady, setIsReady] = useState(false)
  const [answered, setAnswered] = useState<string>()
  const [problem, setProblem] = useState<string>()
  useEffect(() => {
    const timer = setTimeout(() => setIsReady(true), stillMs)
    return () => clearTimeout(timer)
  }, [])
  // The tool may be in events that were not read yet.
  const isToolMissing = approval.tool_call_id !== undefined && tool === undefined
  useEffect(() => {
    if (isToolMissing) void model.loadOlder()
  }, [isToolMissing, model])

  const {title} = approval
  const {command, changes, lines} = tool === undefined ? noParts : askedParts(tool, title)
  const answer = async (choice: string) => {
    setAnswered(choice)
    setProblem(undefined)
    try {
      const session = model.session() ?? (await model.opened)
      await session.answer(approval.approval_id, choice)
    } catch (error) {
      setAnswered(undefined)
      setProblem(error instanceof Error ? error.message : String(error))
    }
  }

  return (
    <section className="question" role="alertdialog" aria-labelledby="question-title" aria-describedby="question-about">
      <p className="question-kind">{count > 1 ? `The agent asks · 1 of ${count}` : 'The agent asks'}</p>
      <h2 id="question-title" className="question-title">
        {title}
      </h2>
      <div id="question-about" className="question-about" tabIndex={0} role="region" aria-label="What it is about">
        {command.length > 0 && <pre className="lines question-command">{command.join('\n')}</pre>}
        {changes.map((change, at) => (
          <DiffView key={at} change={change} isWhole />
        ))}
        {lines.length > 0 && <pre className="lines">{lines.join('\n')}</pre>}
      </div>
      <p role="alert" className="problem">
        {problem}
      </p>
      <div className="question-choices">
        {approval.choices.map(({id, label, kind}) => (
          <button
            key={id}
            type="button"
            className={
              kind === 'allow_once'
                ? 'button primary'
                : kind?.startsWith('reject') === true
                  ? 'button danger'
                  : 'button'
            }
            disabled={!isReady || isReadOnly || answered !== undefined}
            aria-busy={answered === id}
            onClick={() => void answer(id)}
          >
            {label}
          </button>
        ))}
      </div>
      {isReadOnly && <p className="note">This device is read-only: answer it elsewhere.</p>}
    </section>
  )
}

const noParts = {command: [], changes: [], lines: []}
