import type {EventPayload} from '@holdfast/protocol'

import {remember} from '../agent/remember.ts'
import {describeExit, maxTerminals, type TerminalEvent} from '../agent/terminal-lines.ts'
import {createTerminalTail, type TerminalTail} from '../agent/terminal-tail.ts'
import {maxTools} from '../agent/tool-lines.ts'
import type {AgentBlock} from './agent-blocks.ts'
import type {RunningTool} from './activity-view.ts'
import {showTool, terminalsOf, updateTool, type ShownTool, type ToolFacts} from './shown-tool.ts'

/** The last lines of the output of a command that are kept, to show them when it fails. */
const maxLines = 12

interface Command {
  tail: TerminalTail
  beganAt: number
  afterSeq: number
  /** How it ended. */
  exit: EventPayload<'terminal.exited'> | undefined
}

type At = {at: number; seq: number}

/** The tools of an agent and the commands that run for it: a block when one has ended. A command that a tool shows belongs to that. */
export interface ToolWatch {
  takeTool(payload: EventPayload<'tool.call'>, at: At): readonly AgentBlock[]
  takeTerminal(event: TerminalEvent): readonly AgentBlock[]
  /** The user has answered the question about a tool: until now, it waited. */
  answered(toolCallId: string, at: number): void
  /** A prompt begins: an agent may use the ids of its tools again. */
  beginPrompt(): void
  /** The prompt has ended: its tools that have not ended were cut short. */
  endPrompt(promptId: string, at: At): readonly AgentBlock[]
  endAll(at: At): readonly AgentBlock[]
  /** Those that run, oldest first. */
  view(): readonly RunningTool[]
  /** The same as blocks. */
  unfinished(): readonly AgentBlock[]
}

export function createToolWatch(): ToolWatch {
  const tools = new Map<string, ToolFacts>()
  /** Tools that have ended: what comes later of them is not shown. */
  const ended = new Map<string, true>()
  const commands = new Map<string, Command>()
  /** The tool that shows a terminal. */
  const owners = new Map<string, string>()

  const running = new WeakMap<ToolFacts, RunningTool>()

  const commandsOf = (tool: ToolFacts) => terminalsOf(tool).flatMap((id) => commands.get(id) ?? [])
  const show = (tool: ToolFacts) =>
    showTool(
      tool,
      commandsOf(tool).map(({tail}) => tail),
    )
  const showRunning = (id: string, tool: ToolFacts): RunningTool => {
    // A large diff is read once, not for each frame.
    const known = running.get(tool)
    if (known !== undefined && terminalsOf(tool).length === 0) return known
    const shown = {id, ...show(tool)}
    running.set(tool, shown)
    return shown
  }
  const isOwned = (terminalId: string) => tools.has(owners.get(terminalId) ?? '')

  const endTool = (id: string, tool: ToolFacts, state: string, {at, seq}: At): AgentBlock => {
    const exits = commandsOf(tool).flatMap(({exit}) => exit ?? [])
    const shown = show(tool)
    tools.delete(id)
    remember(ended, id, true, maxTools)
    const terminals = terminalsOf(tool)
    for (const terminal of terminals) if (commands.get(terminal)?.exit !== undefined) commands.delete(terminal)
    const failed = exits.find(({exit_code}) => exit_code !== 0)
    const {promptId, afterSeq, title} = tool
    return {
      kind: 'tool',
      tool: shown,
      state,
      ...(failed !== undefined && {exit: describeExit(failed)}),
      durationMs: at - tool.beganAt,
      part: {kind: 'tool', promptId, title, afterSeq, untilSeq: seq, toolCallId: id, terminals},
    }
  }
  const endTools = (state: string, at: At, isMeant: (tool: ToolFacts) => boolean): readonly AgentBlock[] =>
    [...tools].filter(([, tool]) => isMeant(tool)).map(([id, tool]) => endTool(id, tool, state, at))

  const showCommand = ({tail: {command, lines, left}, beganAt}: Command): ShownTool => ({
    kind: 'execute',
    title: command,
    command: [],
    changes: [],
    output: {lines, left},
    input: undefined,
    beganAt,
  })
  const endCommand = (id: string, command: Command, {at, seq}: At): AgentBlock => {
    commands.delete(id)
    const {exit, afterSeq} = command
    const shown = showCommand(command)
    return {
      kind: 'tool',
      tool: shown,
      state: exit?.exit_code === 0 ? 'completed' : exit === undefined ? 'unknown' : 'failed',
      ...(exit !== undefined && exit.exit_code !== 0 && {exit: describeExit(exit)}),
      durationMs: at - command.beganAt,
      part: {kind: 'tool', promptId: undefined, title: shown.title, afterSeq, untilSeq: seq, terminals: [id]},
    }
  }

  const view = (): readonly RunningTool[] => [
    ...Array.from(tools, ([id, tool]) => showRunning(id, tool)),
    ...[...commands].filter(([id]) => !isOwned(id)).map(([id, command]) => ({id, ...showCommand(command)})),
  ]

  return {
    takeTool(payload, at) {
      const {tool_call_id: id, status} = payload
      if (ended.has(id)) return []
      const tool = updateTool(tools.get(id), payload, at)
      remember(tools, id, tool, maxTools)
      for (const terminal of terminalsOf(tool)) remember(owners, terminal, id, maxTerminals)
      return status !== undefined && endStates.has(status) ? [endTool(id, tool, status, at)] : []
    },
    takeTerminal(event) {
      const {terminal_id: id} = event.payload
      const command = commands.get(id)
      switch (event.type) {
        case 'terminal.started': {
          const tail = createTerminalTail(event.payload.command, {maxLines})
          remember(commands, id, {tail, beganAt: event.at, afterSeq: event.seq - 1, exit: undefined}, maxTerminals)
          return []
        }
        case 'terminal.output':
          command?.tail.add(event.payload)
          return []
        case 'terminal.elided':
          command?.tail.elide(event.payload)
          return []
        case 'terminal.exited': {
          if (command === undefined) return []
          command.tail.flush()
          command.exit = event.payload
          return isOwned(id) ? [] : [endCommand(id, command, event)]
        }
      }
    },
    answered(id, at) {
      const tool = tools.get(id)
      if (tool !== undefined) tools.set(id, {...tool, beganAt: at})
    },
    beginPrompt: () => ended.clear(),
    endPrompt: (promptId, at) => endTools('unknown', at, (tool) => tool.promptId === promptId),
    endAll: (at) => [
      ...endTools('unknown', at, () => true),
      ...[...commands].map(([id, command]) => endCommand(id, command, at)),
    ],
    unfinished: () =>
      view().map((tool) => ({
        kind: 'tool',
        // What it has printed so far is nothing that it ends with.
        tool: {...tool, output: {lines: [], left: 0}, changes: []},
        state: 'running',
        durationMs: 0,
        part: {kind: 'tool', promptId: undefined, title: tool.title, afterSeq: 0, untilSeq: 0},
      })),
    view,
  }
}

/** States in which a tool does not run any more, by its `status`. */
const endStates: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled', 'unknown', 'not_run'])
