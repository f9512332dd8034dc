import {readShellPrompt, type NewEvent} from '@holdfast/protocol'
import type {Size} from '@holdfast/shell'

import type {Agent, AgentActivity, PromptHow, PromptOutcome, PromptWatch, ShellExited} from './agent.ts'

export interface CodingAgentOptions {
  /** Gets the prompts that are not for the shell. */
  agent: Agent
  /** Opens a shell in the folder of the session; called when it is first needed. */
  openShell: (size: Size) => Agent
  /** The folder in which that starts. */
  cwd: string
  size: Size
  /** The prompt of the last command, also of one that ran in an earlier host. */
  lastCommand: () => string | undefined
}

/** Adds a shell to a coding agent, for prompts such as `!command`: see `readShellPrompt`. */
export function createCodingAgent({agent, openShell, cwd, lastCommand, ...options}: CodingAgentOptions): Agent {
  let {size} = options
  let folder = cwd
  let shell: Agent | undefined
  /** The shell, while a prompt runs in it. */
  let running: Agent | undefined
  let onEvent: ((event: NewEvent) => void) | undefined
  let onActivity: ((activity: AgentActivity) => void) | undefined
  let onBackgroundOutput: ((data: Uint8Array) => void) | undefined
  let onPrompt: ((printed: Uint8Array) => void) | undefined
  let onShellExited: ((exit: ShellExited) => void) | undefined

  const needShell = (): Agent => {
    if (shell !== undefined) return shell
    shell = openShell(size)
    shell.onActivity?.((activity) => onActivity?.(activity))
    shell.onBackgroundOutput?.((data) => onBackgroundOutput?.(data))
    shell.onPrompt?.((printed) => onPrompt?.(printed))
    shell.onShellExited?.((exit) => onShellExited?.(exit))
    return shell
  }
  const share = (promptId: string | undefined) => {
    if (promptId === undefined) throw new Error('No command has run in this session: `!command` runs one')
    onEvent?.({type: 'prompt.shared', payload: {prompt_id: promptId}})
  }
  const runCommand = async (command: string, watch: PromptWatch, how: PromptHow): Promise<PromptOutcome> => {
    running = needShell()
    try {
      // `cd` in the shell changes the folder of the next command, not that of the agent.
      const {cwd: nextFolder = folder, ...outcome} = await running.prompt(command, watch, how)
      const isMoved = nextFolder !== folder
      folder = nextFolder
      return {...outcome, ...(isMoved && {shellCwd: folder})}
    } finally {
      running = undefined
    }
  }

  return {
    async prompt(text, watch, how = {}) {
      const forShell = readShellPrompt(text)
      if (forShell === undefined) return await agent.prompt(text, watch, how)
      const {command, isShared} = forShell
      if (isShared && command === '') {
        watch.onStart()
        share(lastCommand())
        return {status: 'complete', exitCode: 0}
      }
      // At once: if the host dies, the next prompt gets what was printed until then.
      if (isShared) share(how.promptId)
      return await runCommand(command, watch, how)
    },
    hasTerminal: (text) => readShellPrompt(text) !== undefined,
    shellFolder: (text) => (readShellPrompt(text) === undefined ? undefined : folder),
    input: (data) => (running ?? agent).input(data),
    inputWhen: async (condition, data) =>
      (await running?.inputWhen?.(condition, data)) ?? (running ? undefined : 'unknown'),
    look: async () => (await running?.look?.()) ?? {input: 'none', mayBeSecret: false},
    async isIncomplete(text) {
      const {command = ''} = readShellPrompt(text) ?? {}
      return command !== '' && ((await needShell().isIncomplete?.(command)) ?? false)
    },
    async complete(text) {
      const {command, start} = readShellPrompt(text) ?? {command: '', start: 0}
      const found = command === '' ? undefined : await needShell().complete?.(command)
      if (found === undefined) return {start: 0, candidates: [], common: '', total: 0, is_partial: false}
      return {...found, start: found.start + start}
    },
    interrupt: () => (running ?? agent).interrupt(),
    signal: (name) => running?.signal?.(name) ?? false,
    resize(next) {
      size = next
      agent.resize(next)
      shell?.resize(next)
    },
    suppressReplies: (isSuppressed) => shell?.suppressReplies?.(isSuppressed),
    pause() {
      agent.pause()
      shell?.pause()
    },
    resume() {
      agent.resume()
      shell?.resume()
    },
    onActivity: (listener) => void (onActivity = listener),
    onPrompt: (listener) => void (onPrompt = listener),
    onShellExited: (listener) => void (onShellExited = listener),
    onBackgroundOutput(listener) {
      onBackgroundOutput = listener
      agent.onBackgroundOutput?.(listener)
    },
    onEvent(listener) {
      onEvent = listener
      agent.onEvent?.(listener)
    },
    ...(agent.onTitle && {onTitle: agent.onTitle}),
    ...(agent.answer && {answer: agent.answer}),
    ...(agent.control && {control: agent.control}),
    async close() {
      await Promise.all([agent.close(), shell?.close()])
    },
  }
}
