import type {Approval, LoggedEvent} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal/plain'

import {createAgentNotes} from '../agent/agent-notes.ts'
import {cutLine} from '../agent/plain-lines.ts'
import {remember} from '../agent/remember.ts'
import {shownName} from '../texts/from.ts'
import type {AgentBlock} from './agent-blocks.ts'
import type {ActivityView} from './activity-view.ts'
import {createPlanWatch} from './plan-watch.ts'
import {createThoughtWatch} from './thought-watch.ts'
import {createToolWatch} from './tool-watch.ts'

/**
 * The events of a coding agent as blocks: each tool, thought and plan is one, when it has ended. Until then, it is in the view. So
 * the blocks stand in the order in which things ended.
 */
export interface AgentActivity {
  /** Takes the next event of a session, and returns the blocks to write for it; if the event has output, before that. */
  take(event: LoggedEvent): readonly AgentBlock[]
  /** `undefined`: nothing goes on. */
  view(): ActivityView | undefined
  /** What goes on, as blocks: the screen is left meanwhile. */
  unfinished(): readonly AgentBlock[]
}

/** Open questions that are remembered. */
const maxQuestions = 50

export function createAgentActivity(): AgentActivity {
  const tools = createToolWatch()
  const thought = createThoughtWatch()
  const plan = createPlanWatch()
  const notes = createAgentNotes()
  const questions = new Map<string, Approval>()

  const endQuestion = (id: string, describe: (question?: Approval) => string): AgentBlock => {
    const question = questions.get(id)
    questions.delete(id)
    return {
      kind: 'question',
      title: question === undefined ? '' : cutLine(toPlainLine(question.title)),
      end: describe(question),
    }
  }

  const draw = (event: LoggedEvent): readonly AgentBlock[] => {
    switch (event.type) {
      case 'message.start':
        if (event.payload.in_shell !== true) tools.beginPrompt()
        return []
      case 'tool.call':
      case 'tool.update':
        return tools.takeTool(event.payload, event)
      case 'terminal.started':
      case 'terminal.output':
      case 'terminal.elided':
      case 'terminal.exited':
        return tools.takeTerminal(event)
      case 'plan.updated':
        return plan.take(event.payload)
      case 'approval.request':
        remember(questions, event.payload.approval_id, event.payload, maxQuestions)
        return []
      case 'approval.resolved': {
        const {approval_id: id, choice, by} = event.payload
        const toolCallId = questions.get(id)?.tool_call_id
        if (toolCallId !== undefined) tools.answered(toolCallId, event.at)
        const who = by === 'policy' ? 'your settings' : by === 'user' ? 'you' : shownName(by)
        return [
          endQuestion(id, (question) => {
            const label = question?.choices.find((offered) => offered.id === choice)?.label ?? choice
            return `${who}: ${toPlainLine(label)}`
          }),
        ]
      }
      case 'approval.withdrawn':
        return [endQuestion(event.payload.approval_id, () => `withdrawn: ${toPlainLine(event.payload.reason)}`)]
      case 'message.complete': {
        const {prompt_id: id} = event.payload
        const asked = [...questions].filter(([, question]) => question.prompt_id === id)
        return [
          ...asked.map(([questionId]) => endQuestion(questionId, () => 'not answered')),
          ...tools.endPrompt(id, event),
          ...plan.endPrompt(id),
          ...noteBlocks(event),
        ]
      }
      case 'session.closed':
        return [...tools.endAll(event), ...plan.endPrompt()]
      default:
        return noteBlocks(event)
    }
  }
  const noteBlocks = (event: LoggedEvent): AgentBlock[] => {
    const lines = notes.take(event)
    return lines.length === 0 ? [] : [{kind: 'agent', lines}]
  }

  return {
    take(event) {
      if (event.type === 'thought.delta') return thought.add(event.payload, event)
      const blocks = draw(event)
      return blocks.length > 0 || thoughtEnds.has(event.type) ? [...thought.end(event), ...blocks] : blocks
    },
    unfinished: () => [...tools.unfinished(), ...plan.unfinished()],
    view() {
      const view = {tools: tools.view(), thought: thought.view(), plan: plan.view()}
      return view.tools.length === 0 && view.thought === undefined && view.plan.length === 0 ? undefined : view
    },
  }
}

/** An event that shows nothing, such as a new usage, does not end a thought. */
const thoughtEnds: ReadonlySet<LoggedEvent['type']> = new Set([
  'message.start',
  'message.delta',
  'message.complete',
  'approval.request',
  'plan.updated',
  'session.closed',
  'tool.call',
])

/** What an agent says before such an event, and after it, are two texts. */
export const textEnds: ReadonlySet<LoggedEvent['type']> = new Set([
  'approval.request',
  'plan.updated',
  'thought.delta',
  'tool.call',
])
