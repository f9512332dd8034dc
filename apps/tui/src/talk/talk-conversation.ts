import {more, type Answer, type TalkInput} from './talk-input.ts'
import {parseTalkLine} from './talk-commands.ts'
import type {Voice} from './voice.ts'
import type {RunOver, TalkSession} from './talk-session.ts'

export interface ConversationOptions {
  session: TalkSession
  keyboard: TalkInput
  voice: Voice
  /** The first prompt; empty for none. */
  prompt: string
  /** Resolves when the user leaves with Ctrl-D while a command runs. */
  left: Promise<void>
  /** Runs a slash command; `false`: leave. */
  onCommand: (name: string, argument: string) => Promise<boolean>
  /** Describes an error; throws errors that are faults of this program. */
  explain: (error: unknown) => string
}

const ready = '> '
const number = 'Number: '

/** Ctrl-C pressed twice within this time leaves, ms. */
const leaveWithinMs = 2000

/** Asks for lines and runs them until the user leaves or the session is closed. */
export async function converse(options: ConversationOptions): Promise<'left' | 'closed'> {
  const {session, keyboard, voice, onCommand, explain} = options
  const closed = session.closed.then((): 'closed' => 'closed')
  const left = options.left.then((): 'left' => 'left')
  let lastInterruptAt = -Infinity
  /** The lines so far of an incomplete command. */
  let begun = ''
  /** The last question that was spoken. */
  let spoken: string | undefined

  const end = await followUp(options.prompt)
  if (end !== undefined) return end
  for (;;) {
    const asking = session.question === undefined ? keyboard.ask(begun === '' ? ready : more) : answerQuestion()
    const answer = await Promise.race([asking, closed, left, session.questionChanged()])
    if (answer === 'closed' || answer === 'left' || answer === undefined) keyboard.takeBack()
    if (answer === 'closed' || answer === 'left') return answer
    if (answer === undefined) continue
    if (answer.kind === 'end') return 'left'
    if (answer.kind === 'interrupt') {
      if (wantsToLeave(answer)) return 'left'
      continue
    }
    const over = await take(answer.line)
    if (over !== undefined) return over
  }

  /** Waits for a running command, then runs the first prompt. */
  async function followUp(prompt: string): Promise<'left' | 'closed' | undefined> {
    if (session.running !== undefined) {
      await keyboard.handOver()
      const {text, isOfAgent} = session.running
      const what = isOfAgent
        ? 'The agent works on this prompt'
        : 'This command is running, and what you type is its input'
      voice.say(`${what}: ${text}`)
      const over = await wait(session.ended())
      if (over !== undefined) return over
    }
    if (prompt === '') return undefined
    voice.say(`${ready}${prompt}`)
    return await take(prompt)
  }

  function wantsToLeave({wasEmpty}: Extract<Answer, {kind: 'interrupt'}>): boolean {
    const isSecond = performance.now() - lastInterruptAt < leaveWithinMs
    lastInterruptAt = -Infinity
    if (begun !== '' || !wasEmpty) begun = ''
    else if (isSecond) return true
    else {
      lastInterruptAt = performance.now()
      voice.say('Press Ctrl-C again to leave.')
    }
    return false
  }

  async function take(line: string): Promise<'left' | 'closed' | undefined> {
    if (begun === '') {
      const read = parseTalkLine(line, session.agentCommands)
      if (line.trim() === '') return undefined
      if (read.kind === 'refused') voice.say(`${read.why}.`)
      if (read.kind === 'command' && !(await runCommand(read.name, read.argument))) return 'left'
      if (read.kind !== 'prompt') return undefined
    }
    const text = begun + line
    if (await session.isIncomplete(text)) {
      begun = `${text}\n`
      return undefined
    }
    return await wait(session.run(text), text)
  }

  async function runCommand(name: string, argument: string): Promise<boolean> {
    try {
      return await onCommand(name, argument)
    } catch (error) {
      voice.say(explain(error))
      return true
    }
  }

  /** Waits for a command to end. Keys go to its program, or, while the session is out of reach, to slash commands. */
  async function wait(run: Promise<RunOver>, text?: string): Promise<'left' | 'closed' | undefined> {
    let isOver = false
    const handOver = () => {
      if (!isOver && !isLost() && session.running !== undefined && session.question === undefined)
        void keyboard.handOver()
    }
    try {
      if (isLost()) voice.say('The prompt is sent when the session is reachable again.')
      // Text that was typed before it started, such as the rest of a paste, is for the next line.
      void session.begun().then(handOver)
      for (;;) {
        handOver()
        const asking = isLost() ? [repair()] : session.question === undefined ? [] : [answerQuestion()]
        const first = await Promise.race([run, left, session.reachChanged(), session.questionChanged(), ...asking])
        keyboard.takeBack()
        if (first === 'left') return first
        if (first !== undefined) return takeEnd(first, text)
      }
    } catch (error) {
      begun = ''
      voice.say(explain(error))
      return undefined
    } finally {
      isOver = true
    }
  }

  /** Asks for the number of a choice until the question is answered or the user leaves. */
  async function answerQuestion(): Promise<'left'> {
    const {question} = session
    if (question === undefined) return await new Promise(() => undefined)
    const {approval_id: id, title, choices} = question
    // A connection that was lost meanwhile does not ask it again.
    if (spoken !== id) voice.say(`The agent asks: ${title}`, ...choices.map(({label}, at) => `${at + 1}. ${label}`))
    spoken = id
    for (;;) {
      const answer = await keyboard.ask(number, {isFresh: true})
      if (answer.kind === 'end') return 'left'
      if (answer.kind === 'interrupt') await session.interrupt().catch(() => false)
      if (answer.kind !== 'line') continue
      const choice = /^\d{1,3}$/.test(answer.line.trim()) ? choices[Number(answer.line) - 1] : undefined
      if (choice === undefined) {
        voice.say(`Type a number from 1 to ${choices.length}, and press Enter.`)
        continue
      }
      try {
        await session.answer(id, choice.id)
        // Its event ends the wait.
        return await new Promise(() => undefined)
      } catch (error) {
        voice.say(explain(error))
      }
    }
  }

  function isLost(): boolean {
    return session.outOfReach !== undefined
  }

  /** Runs slash commands until the session is reachable again or the user leaves. */
  async function repair(): Promise<'left'> {
    for (;;) {
      const answer = await keyboard.ask(ready)
      if (answer.kind === 'end' || (answer.kind === 'interrupt' && wantsToLeave(answer))) return 'left'
      if (answer.kind !== 'line' || answer.line.trim() === '') continue
      const read = parseTalkLine(answer.line, session.agentCommands)
      if (read.kind === 'command' && !(await runCommand(read.name, read.argument))) return 'left'
      if (read.kind !== 'command')
        voice.say('Prompts are refused until the session is reachable: /restart tries again.')
      if (!isLost()) return await new Promise(() => undefined)
    }
  }

  function takeEnd(over: RunOver, text: string | undefined): 'closed' | undefined {
    if (over.kind === 'closed') return 'closed'
    const {payload} = over
    begun = payload.reason === 'incomplete-input' && text !== undefined ? `${text}\n` : ''
    return undefined
  }
}
