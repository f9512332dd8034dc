import type {EventPayload} from '@holdfast/protocol'
import {toPlainLine} from '@holdfast/terminal/plain'

import type {AgentLine, Tone} from './agent-line.ts'
import {commandOf} from './command-of.ts'
import {cutLine, indented} from './plain-lines.ts'
import {remember} from './remember.ts'
import {drawToolContent, type ContentBounds} from './tool-content.ts'

/** Tools of one prompt that are remembered; an update of an older one is drawn as if it were new. */
export const maxTools = 200

interface Tool {
  title: string
  command?: string
  content: readonly Readonly<Record<string, unknown>>[]
  /** The lines of the content that were drawn last. */
  drawn: string
  isBegun: boolean
  isOver: boolean
}

/** The tools of an agent: a line when one begins, and one with its content when it has ended. */
export interface ToolLines {
  /** Takes `tool.call` and `tool.update`. */
  take(payload: EventPayload<'tool.call'>): AgentLine[]
  /** A tool that began before the first event. */
  know(toolCallId: string, title: string): void
  /** What is known of a tool that a question is about, as far as it was not drawn before. */
  details(toolCallId: string | undefined): AgentLine[]
  /** The next prompt has other tools. */
  clear(): void
}

/** How a tool ended, by its `status`; it has not ended with another one. */
const toolEnds: Readonly<Record<string, {tone: Tone; text: string}>> = {
  completed: {tone: 'tool', text: 'done'},
  failed: {tone: 'failure', text: 'failed'},
  cancelled: {tone: 'warning', text: 'cancelled'},
  unknown: {tone: 'warning', text: 'outcome unknown'},
  not_run: {tone: 'tool', text: 'not run'},
}

export function createToolLines(bounds: ContentBounds): ToolLines {
  const tools = new Map<string, Tool>()

  const begin = (tool: Tool): AgentLine[] => {
    if (tool.isBegun) return []
    tool.isBegun = true
    return [{tone: 'tool', text: `⚙ ${tool.title}`, spoken: `Tool: ${tool.title}`}]
  }
  const drawNew = (tool: Tool): AgentLine[] => {
    const command = tool.command === undefined ? [] : indented('detail', [`$ ${tool.command}`])
    const lines = [...command, ...drawToolContent(tool.content, bounds)]
    const drawn = lines.map(({text}) => text).join('\n')
    if (drawn === tool.drawn) return []
    tool.drawn = drawn
    return lines
  }

  return {
    know(id, title) {
      remember(tools, id, {...create(cutLine(toPlainLine(title))), isBegun: true}, maxTools)
    },
    take({tool_call_id: id, title, status = 'pending', content, raw_input}) {
      const tool = tools.get(id) ?? create('tool')
      remember(tools, id, tool, maxTools)
      if (title !== undefined) tool.title = cutLine(toPlainLine(title))
      const command = toPlainLine(commandOf(raw_input) ?? '')
      if (command !== '' && !tool.title.includes(command)) tool.command = command
      if (content !== undefined) tool.content = content
      const end = toolEnds[status]
      if (end === undefined || tool.isOver) return begin(tool)
      tool.isBegun = tool.isOver = true
      const line = {
        tone: end.tone,
        text: `⚙ ${tool.title} · ${end.text}`,
        spoken: `Tool ${end.text}: ${tool.title}`,
      }
      return [line, ...drawNew(tool)]
    },
    details(id) {
      const tool = id === undefined ? undefined : tools.get(id)
      return tool === undefined ? [] : [...begin(tool), ...drawNew(tool)]
    },
    clear: () => tools.clear(),
  }
}

function create(title: string): Tool {
  return {title, content: [], drawn: '', isBegun: false, isOver: false}
}
