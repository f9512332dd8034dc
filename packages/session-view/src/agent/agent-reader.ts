import type {Approval, LoggedEvent} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal/plain'

import {from} from '../texts/from.ts'
import {describeQuestion} from '../texts/question.ts'
import type {AgentLine} from './agent-line.ts'
import {createAgentNotes} from './agent-notes.ts'
import {drawPlan} from './plan-lines.ts'
import {remember} from './remember.ts'
import {createTerminalLines} from './terminal-lines.ts'
import {createThoughtLines} from './thought-lines.ts'
import {createToolLines} from './tool-lines.ts'

/** The events of a coding agent as plain lines. What it says, `message.delta`, is output like that of a command. */
export interface AgentReader {
  /** Takes the next event of a session, and returns the lines to print for it; if the event has output, before that. */
  read(event: LoggedEvent): readonly AgentLine[]
}

/** Open questions that are remembered. */
const maxQuestions = 50

export interface AgentReaderOptions {
  /** The open questions of a session of which earlier events are not read. @default none */
  open?: readonly Approval[]
  /** Leaves nothing out: for a part of a session that the user wants to see. @default false */
  isWhole?: boolean
}

/** Lines of one thought, one text, one diff, and the output of one command that are shown. */
const shortened = {thought: 6, maxTextLines: 8, maxDiffLines: 40, terminal: 12}
/** More than an event, or the output of a command, has in the log. */
const allLines = 1_000_000
const whole = {thought: allLines, maxTextLines: allLines, maxDiffLines: allLines, terminal: allLines}

export function createAgentReader({open = [], isWhole = false}: AgentReaderOptions = {}): AgentReader {
  const bounds = isWhole ? whole : shortened
  const tools = createToolLines(bounds)
  const terminals = createTerminalLines(bounds.terminal)
  const thoughts = createThoughtLines(bounds.thought)
  const questions = new Map<string, Pick<Approval, 'title' | 'choices'>>()
  for (const {tool_call_id: id, ...question} of open) {
    remember(questions, question.approval_id, question, maxQuestions)
    if (id !== undefined) tools.know(id, question.title)
  }
  /** The plan that was drawn last. */
  let plan = ''
  const notes = createAgentNotes()

  const draw = (event: LoggedEvent): readonly AgentLine[] => {
    switch (event.type) {
      case 'message.start':
        if (event.payload.in_shell !== true) tools.clear()
        return []
      case 'tool.call':
      case 'tool.update':
        return tools.take(event.payload)
      case 'terminal.started':
      case 'terminal.output':
      case 'terminal.elided':
      case 'terminal.exited':
        return terminals.take(event)
      case 'plan.updated': {
        const lines = drawPlan(event.payload)
        const before = plan
        plan = JSON.stringify(lines)
        return plan === before ? [] : lines
      }
      case 'approval.request': {
        remember(questions, event.payload.approval_id, event.payload, maxQuestions)
        return [
          ...tools.details(event.payload.tool_call_id),
          {tone: 'question', text: describeQuestion(event.payload).replace(/^t/, 'T')},
        ]
      }
      case 'approval.resolved': {
        const {approval_id: id, choice, by} = event.payload
        const label = questions.get(id)?.choices.find((offered) => offered.id === choice)?.label ?? choice
        questions.delete(id)
        return [
          {
            tone: 'detail',
            text: `${answered(by)}: ${toPlainLine(label)}`,
          },
        ]
      }
      case 'approval.withdrawn': {
        const title = questions.get(event.payload.approval_id)?.title
        questions.delete(event.payload.approval_id)
        const what = title === undefined ? '' : ` (${title})`
        return [{tone: 'warning', text: toPlainLine(`The question is withdrawn${what}: ${event.payload.reason}`)}]
      }
      default:
        return notes.take(event)
    }
  }

  return {
    read(event) {
      if (event.type === 'thought.delta') return thoughts.add(event.payload.text)
      const lines = draw(event)
      // An event that shows nothing, such as a new usage, does not end a thought.
      return lines.length > 0 || endsThought(event) ? [...thoughts.end(), ...lines] : lines
    },
  }
}

function endsThought({type}: LoggedEvent): boolean {
  return (
    type === 'message.start' || type === 'message.delta' || type === 'message.complete' || type === 'session.closed'
  )
}

function answered(by: string): string {
  if (by === 'policy') return 'Answered by your settings'
  return by === 'user' ? 'Answered' : `Answered${from({by})}`
}
