import type {SessionEvent} from '@holdfast/protocol'

/** What a user may look for in an event of a coding agent, besides what it says and thinks: a question, a tool, a plan. Pure. */
export function textsOfAgent(event: SessionEvent): readonly string[] {
  switch (event.type) {
    case 'tool.call':
    case 'tool.update': {
      const {title = '', content = [], raw_input} = event.payload
      return [title, commandOf(raw_input), ...content.flatMap(textsOfContent)]
    }
    case 'terminal.started':
      return [event.payload.command]
    case 'plan.updated':
      return event.payload.entries.map(({content}) => content)
    case 'approval.request':
      return [event.payload.title]
    case 'file.written':
      return [event.payload.path]
    default:
      return []
  }
}

function commandOf(input: unknown): string {
  const command = (input as {command?: unknown} | null | undefined)?.command
  return Array.isArray(command) ? command.join(' ') : stringOf(command)
}

/** The text, or the file and the new text of a diff, as the Agent Client Protocol has it. */
function textsOfContent({content, path, newText}: Readonly<Record<string, unknown>>): readonly string[] {
  return [stringOf((content as {text?: unknown} | null | undefined)?.text), stringOf(path), stringOf(newText)]
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
