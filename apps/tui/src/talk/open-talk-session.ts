import type {Client, ClientSession, Recovery, SessionStatus} from '@holdfast/client'
import {createPromptId, type Approval, type EventPayload, type LoggedEvent, type SessionState} from '@holdfast/protocol'
import {
  createAgentReader,
  describeAttached,
  describeHoldReason,
  describeMark,
  describeQuestion,
  describeRecovery,
  describeShellExited,
  lostPart,
  speakLine,
  wasWithdrawn,
} from '@holdfast/session-view'

import {terminalSize} from '../process/terminal-size.ts'
import {createHeldPrompts, heldCommands} from './held-prompts.ts'
import {createFullScreenFinder} from './find-full-screen.ts'
import {spokenResult} from './spoken-result.ts'
import {steerAgent} from './steer-agent.ts'
import type {RunningPrompt, RunOver, TalkSession, TalkSessionOptions} from './talk-session.ts'
import {createWatched} from './watched.ts'
import {UserError} from '../process/user-error.ts'
import {askIncomplete} from '../sessions/ask-incomplete.ts'
import {followSession, isPending} from '../sessions/follow-session.ts'

/** Opens an existing session. Rejects if it cannot be opened. */
export async function openTalkSession(
  client: Client,
  id: string,
  {afterSeq, stdout, voice, isRemote, isConversation, screenCommand, attachCommand}: TalkSessionOptions,
): Promise<TalkSession> {
  let current = Promise.withResolvers<ClientSession>()
  let session: ClientSession | undefined
  let running: RunningPrompt | undefined
  /** Resolves when a command runs. */
  let begun = Promise.withResolvers<void>()
  const outOfReach = createWatched<string>((before, next) => before === next)
  /** The first open question of the agent. */
  const question = createWatched<Approval>((before, next) => before.approval_id === next.approval_id)
  /** Callers that wait for the end of a prompt. */
  const waiting = new Map<string, (over: RunOver) => void>()
  const ours = new Set<string>()
  let isConnectionLost = false
  let isPartLost = false
  let isDetached = false
  let findFullScreen = createFullScreenFinder()
  let agent = createAgentReader()
  let hasAgent = false
  /** The user knows that an agent takes no input. */
  let isRefused = false
  /** What the agent said last does not end its line. */
  let isLineOpen = false

  /** Agents end a text without the end of its line, also before a tool. On a terminal, the voice ends it. */
  const endLine = ({session_id, seq, at}: LoggedEvent) => {
    if (stdout.isTerminal || running?.isOfAgent !== true || !isLineOpen) return
    isLineOpen = false
    voice.print({type: 'message.delta', session_id, seq, at, payload: {prompt_id: running.promptId, text: '\n'}})
  }

  const onEvent = (event: LoggedEvent) => {
    if (!isConversation && isOfOther(event, ours)) return
    if (event.type === 'event.lost' && !isPartLost) voice.say(lostPart)
    isPartLost = event.type === 'event.lost'
    // A conversation asks a question itself.
    const told = agent.read(event)
    if (told.length > 0 || event.type === 'tool.call') endLine(event)
    const lines = told.filter(({tone}) => tone !== 'question')
    if (lines.length > 0) voice.say(...lines.map(speakLine))
    switch (event.type) {
      case 'message.start': {
        const {prompt_id: promptId, text, in_shell: isInShell = false} = event.payload
        running = {promptId, text, isOfAgent: hasAgent && !isInShell}
        isRefused = false
        voice.print(event)
        findFullScreen = createFullScreenFinder()
        if (!ours.has(promptId)) voice.say(`Submitted by another client: ${text}`)
        begun.resolve()
        break
      }
      case 'message.delta':
      case 'output.elided':
        // Output of another prompt does not belong to this one.
        if (running === undefined || running.promptId === event.payload.prompt_id) voice.print(event)
        if (event.type === 'message.delta') isLineOpen = event.payload.text?.endsWith('\n') === false
        if (isConversation && event.type === 'message.delta' && running?.isOfAgent === false) noteScreen(event.payload)
        break
      case 'message.complete': {
        const {payload, seq} = event
        if (running?.promptId === payload.prompt_id) {
          endLine(event)
          voice.print(event)
          running = undefined
          begun = Promise.withResolvers()
        }
        const isOurs = ours.delete(payload.prompt_id) || waiting.has(payload.prompt_id)
        // Before what follows from it, such as that the shell has ended. A script tells the results of its own prompts itself.
        if (isConversation || !isOurs) tellEnd(payload, isOurs)
        waiting.get(payload.prompt_id)?.({kind: 'complete', payload, seq})
        waiting.delete(payload.prompt_id)
        break
      }
      case 'approval.request':
        if (!isConversation) voice.say(`${describeQuestion(event.payload)}. Answer it in the screen: ${screenCommand}`)
        break
      case 'attach.start':
        if (isConversation) voice.say('Another client attached, and types for this command.')
        break
      case 'attach.end':
        if (isConversation) voice.say(describeAttached(event.payload))
        break
      case 'shell.exited':
        if (isConversation) voice.say(`${describeShellExited(event.payload)}. Ctrl-D leaves Holdfast.`)
        break
      case 'queue.held':
        if (isConversation) voice.say(`The queue waits: ${describeHoldReason(event.payload)}. ${heldCommands}`)
        break
      case 'session.marked':
        voice.say(describeMark(event.payload))
        break
      case 'note':
        voice.say(...event.payload.text.split('\n'))
        break
    }
    question.set(session?.state.approvals[0])
  }

  const tellEnd = (payload: EventPayload<'message.complete'>, isOurs: boolean) => {
    // The user goes on with an incomplete command.
    if (isOurs && payload.reason === 'incomplete-input') return
    if (!wasWithdrawn(payload)) voice.say(spokenResult(payload))
    else if (isOurs) voice.say('It was removed from the queue.')
  }

  const noteScreen = ({text}: {text?: string | undefined}) => {
    if (text === undefined || !findFullScreen(text)) return
    voice.say(`This program draws on the whole screen. To use it, attach in another terminal: ${attachCommand}`)
  }

  const onState = (state: SessionState) => {
    question.set(state.approvals[0])
    if (running === undefined || isPending(state, running.promptId)) return
    // It has ended, but the event that says so cannot be read.
    const payload = {prompt_id: running.promptId, status: 'complete', reason: 'end-lost'} as const
    onEvent({type: 'message.complete', session_id: id, seq: session?.lastSeq ?? afterSeq, at: Date.now(), payload})
  }

  const onStatus = (status: SessionStatus) => {
    if (status.kind === 'recovering' && isRemote && !isConnectionLost)
      voice.say('The connection was lost; reconnecting.')
    isConnectionLost = status.kind === 'recovering'
    if (status.kind === 'not-saved') voice.say(`Not saved: ${status.reason}.`)
    const why = whyOutOfReach(status)
    if (why !== undefined && isConversation) voice.say(`Out of reach: ${why}. /restart tries again.`)
    // The recovery of a gateway is reported by `onRecovered`.
    if (status.kind === 'live' && isDetached) voice.say('The session is reachable again.')
    if (status.kind === 'live' || status.kind === 'detached') isDetached = status.kind === 'detached'
    if (why !== undefined || status.kind === 'live') outOfReach.set(why)
  }

  const onRecovered = (recovery: Recovery) => {
    const runningBefore = session?.state.running ?? null
    voice.say(describeRecovery({...recovery, runningBefore, isRemote}))
  }

  const followed = followSession(client, id, {
    afterSeq,
    onEvent,
    onState,
    stdout,
    watcher: {
      onSession(next) {
        session = next
        hasAgent = next === undefined ? hasAgent : next.state.info.agent !== 'shell'
        question.set(next?.state.approvals[0])
        if (next === undefined) current = Promise.withResolvers()
        else current.resolve(next)
      },
      onStatus,
      onRecovered,
    },
  })
  const over = followed.then((end): {kind: 'closed'} => {
    if (end.kind === 'failed') throw new UserError(end.message)
    return {kind: 'closed'}
  })
  over.catch(() => undefined)

  const opened = await Promise.race([current.promise, over])
  if ('kind' in opened) throw new UserError(`session ${id} is closed: open another one`)
  agent = createAgentReader({open: opened.state.approvals})
  const before = opened.state.running
  if (before !== null) {
    const {prompt_id: promptId, text} = before
    running = {promptId, text, isOfAgent: hasAgent && !text.startsWith('!')}
    begun.resolve()
  }
  onResize()
  process.stdout.on('resize', onResize)

  function onResize(): void {
    const size = terminalSize()
    if (size !== undefined) session?.resize(size).catch(() => undefined)
  }

  return {
    id,
    info: opened.state.info,
    closed: over,
    get running() {
      return running
    },
    get outOfReach() {
      return outOfReach.value
    },
    reachChanged: outOfReach.changed,
    async run(text) {
      const promptId = createPromptId()
      ours.add(promptId)
      const ended = new Promise<RunOver>((resolve) => waiting.set(promptId, resolve))
      try {
        const reached = await Promise.race([current.promise, over])
        if ('kind' in reached) return reached
        await reached.submit(text, {promptId})
        return await Promise.race([ended, over])
      } finally {
        ours.delete(promptId)
        waiting.delete(promptId)
      }
    },
    isIncomplete: async (text) => await askIncomplete(session, text),
    held: createHeldPrompts(() => session),
    get agentCommands() {
      return session?.state.agent?.settings?.commands ?? []
    },
    steerAgent: (argument) => steerAgent(session, argument),
    get question() {
      return question.value
    },
    questionChanged: question.changed,
    async answer(approvalId, choice) {
      await session?.answer(approvalId, choice)
    },
    async ended() {
      const promptId = running?.promptId
      if (promptId === undefined) throw new Error('Expected something to run')
      return await Promise.race([new Promise<RunOver>((resolve) => waiting.set(promptId, resolve)), over])
    },
    begun: () => begun.promise,
    input(data) {
      if (running === undefined) return
      const {promptId, isOfAgent} = running
      if (isOfAgent) {
        if (!isRefused) voice.say('The agent takes no input while it works. Ctrl-C interrupts it.')
        isRefused = true
        return
      }
      session?.input(data, {promptId}).catch(() => {
        // If the program has ended meanwhile, the input is of no use.
        if (running?.promptId === promptId) voice.say('Your last input may be lost.')
      })
    },
    async interrupt() {
      // Without a connection, the interrupt would arrive late and hit another command.
      const isReached = session?.status.kind === 'live' || session?.status.kind === 'not-saved'
      const promptId = running?.promptId
      return session !== undefined && isReached && (await session.interrupt(promptId === undefined ? {} : {promptId}))
    },
    async retry() {
      if (session?.status.kind === 'detached') await session.retry()
      else if (client.status.kind === 'live') return false
      else client.retry()
      return true
    },
  }
}

function whyOutOfReach(status: SessionStatus): string | undefined {
  if (status.kind === 'gave-up') return `no gateway: ${[status.reason, ...status.stderr].join('; ')}`
  return status.kind === 'detached' ? status.reason : undefined
}

/** The event of another client's prompt. */
function isOfOther(event: LoggedEvent, ours: ReadonlySet<string>): boolean {
  return event.type !== 'unknown' && 'prompt_id' in event.payload && !ours.has(event.payload.prompt_id)
}
