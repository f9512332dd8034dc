import {setTimeout as delay} from 'node:timers/promises'

import {createClient} from '@holdfast/client'
import {createSessionId} from '@holdfast/protocol'
import {runnerOf} from '@holdfast/session-view'
import {createMemoryMonitor, graces, handleShutdown, recordRecovery} from '@holdfast/supervisor'
import {hasColours, isDumb, toPlainLine} from '@holdfast/terminal'
import {wrapRows} from '@holdfast/terminal/rows'

import {beginProcess} from '../../process/begin-process.ts'
import {printError} from '../../process/print-error.ts'
import {standardError} from '../../process/standard-error.ts'
import {findHome} from '../../process/find-home.ts'
import {heldCommands} from '../../talk/held-prompts.ts'
import {createTalkInput, type TalkInput} from '../../talk/talk-input.ts'
import {readPipedLines} from '../../talk/piped-lines.ts'
import {talkHelp} from '../../talk/talk-commands.ts'
import {createVoice} from '../../talk/voice.ts'
import {UserError} from '../../process/user-error.ts'
import {chooseSession, type SessionChoice} from '../../sessions/choose-session.ts'
import {createSafePrinter} from '../../export/event-printer.ts'
import {invocationFor, isRemote, machineOf} from '../../sessions/gateway-choice.ts'
import {shownFolder} from '../../ui/shown-folder.ts'
import {describeCrashLog} from '../../doctor/describe-crash-log.ts'
import {terminalSize} from '../../process/terminal-size.ts'
import {version} from '../../process/version.ts'
import {openStandardOutput} from '../../process/standard-output.ts'
import {latestSeq} from '../../sessions/read-log.ts'
import {gatewayConnector} from '../../sessions/gateway-connector.ts'
import {converse} from '../../talk/talk-conversation.ts'
import {runScript} from '../../talk/talk-script.ts'
import {openTalkSession} from '../../talk/open-talk-session.ts'
import type {TalkSession} from '../../talk/talk-session.ts'
import {toUserError} from '../../sessions/to-user-error.ts'

export interface TalkOptions extends SessionChoice {
  /** The first prompt; empty for none. */
  prompt: string
  /** Printed first in a conversation; empty for nothing. */
  preface: string
}

const interruptByte = 3
const endByte = 4

/**
 * A session line by line: a conversation at a terminal, or a script on stdin. Messages go to stdout if it is a terminal, and
 * otherwise to stderr, so that stdout has only the output of programs.
 */
export async function talk(options: TalkOptions): Promise<void> {
  const home = findHome()
  const isElsewhere = isRemote(options.gateway)
  const isConversation = process.stdin.isTTY
  const isNew = options.sessionId === undefined && !options.latest
  const breadcrumbs = beginProcess('tui')
  const stdout = openStandardOutput()
  const speech = stdout.isTerminal ? process.stdout : standardError()
  let keyboard: TalkInput | undefined
  let session: TalkSession | undefined
  let exitCode = 0
  /** The process is shutting down. */
  let isEnding = false

  const output = createSafePrinter({
    write: stdout.write,
    colours: stdout.isTerminal && hasColours(),
    unfinished: stdout.isTerminal,
  })
  const voice = createVoice({
    output,
    breakLine: stdout.isTerminal ? () => stdout.write('\n') : undefined,
    // Sentences contain untrusted text, such as titles.
    printSentence: isConversation ? (sentence) => void speech.write(`${wrap(toPlainLine(sentence))}\n`) : printError,
    room: {
      make: () => keyboard?.makeRoom(),
      giveBack: () => keyboard?.askAgain(),
      get isAnswer() {
        return session?.question !== undefined
      },
    },
  })
  const client = createClient({
    gateway: await gatewayConnector(options.gateway, {home, breadcrumbs, asChild: true}),
    program: {name: 'terminal', version},
    onStatus: recordRecovery(breadcrumbs, 'gateway'),
    onWarning: (message) => voice.say(message),
  })
  const shutdown = handleShutdown({
    breadcrumbs,
    // Ctrl-C goes to the running command.
    signals: ['SIGTERM', 'SIGHUP', 'SIGQUIT'],
    async onShutdown() {
      isEnding = true
      output.flush()
      keyboard?.close()
      await Promise.race([stdout.flushed(), delay(graces.client.saveMs)])
      await client.close('the user left')
    },
    exit: (code) => process.exit(code || exitCode),
  })
  createMemoryMonitor({
    breadcrumbs,
    onCritical: ({usedBytes, limitBytes}) => shutdown.begin({kind: 'memory', usedBytes, limitBytes}),
  })
  void stdout.gone.then((gone) => {
    if (isEnding) return
    if (gone.kind === 'failed') printError(gone.message)
    exitCode = gone.kind === 'reader-gone' ? gone.exitCode : 1
    shutdown.begin('stdout was closed')
  })

  try {
    if (isConversation) await talkWithPerson()
    else exitCode = await takeScript()
    await stdout.flushed()
  } catch (error) {
    if (isEnding) return
    const known = toUserError(error, client, options.gateway)
    if (!(known instanceof UserError)) throw error
    printError(known.message)
    exitCode = known.exitCode
  }
  shutdown.begin({kind: 'requested', by: 'user', reason: 'the user left'})

  async function open(): Promise<TalkSession> {
    const id = await chooseSession(client, options, createSessionId())
    const afterSeq = isNew ? 0 : await latestSeq(client, id)
    const screenCommand = invocationFor(options.gateway, '--resume', id)
    const attachCommand = invocationFor(options.gateway, 'attach', id)
    return (session = await openTalkSession(client, id, {
      afterSeq,
      stdout,
      voice,
      isRemote: isElsewhere,
      isConversation,
      screenCommand,
      attachCommand,
    }))
  }

  async function takeScript(): Promise<number> {
    if (!isNew) await open()
    process.on('SIGINT', () => void interrupt().then((isInterrupted) => isInterrupted || shutdown.begin(interrupted)))
    return await runScript({
      client,
      lines: linesOf(options.prompt),
      open: async () => session ?? (await open()),
      onCommand,
    })
  }

  async function talkWithPerson(): Promise<void> {
    const left = Promise.withResolvers<void>()
    const typing = createTalkInput({
      stdin: process.stdin,
      output: speech,
      isDumb: isDumb() || !speech.isTTY,
      onKeys: (keys) => takeKeys(keys, left.resolve),
      onInterrupt: () => (session === undefined ? left.resolve() : void interruptAndReport()),
      onEnd: left.resolve,
    })
    keyboard = typing
    if (options.preface !== '') voice.say(options.preface)
    const opened = await Promise.race([open(), left.promise])
    if (opened === undefined) return
    voice.say(...greeting(opened))
    const {prompt} = options
    const end = await converse({
      session: opened,
      keyboard: typing,
      voice,
      prompt,
      left: left.promise,
      onCommand,
      explain,
    })
    if (isEnding) return
    output.flush()
    if (end === 'closed') return voice.say('The session was closed.')
    const goesOn = opened.running === undefined ? 'The session is still open' : 'The command is still running'
    voice.say(`${goesOn}: ${invocationFor(options.gateway, 'talk', '--resume', opened.id)}`)
  }

  function greeting({id, info, held}: TalkSession): string[] {
    const folder = shownFolder(machineOf(options.gateway), info.cwd)
    const where = `Session ${id}: ${runnerOf(info)} in ${folder}. /help lists the commands.`
    const waiting = held.why === undefined ? [] : [`${held.why}. ${heldCommands}`]
    return isNew ? [where] : [where, ...waiting, `Earlier output: ${invocationFor(options.gateway, 'show', id)}`]
  }

  async function* linesOf(prompt: string): AsyncGenerator<string> {
    if (prompt !== '') yield prompt
    yield* readPipedLines(process.stdin)
  }

  function takeKeys(keys: Uint8Array, leave: () => void): void {
    let from = 0
    for (const [at, key] of keys.entries()) {
      if (key !== interruptByte && key !== endByte) continue
      if (at > from) session?.input(keys.subarray(from, at))
      from = at + 1
      if (key === endByte) return leave()
      void interruptAndReport()
    }
    if (from < keys.length) session?.input(keys.subarray(from))
  }

  async function interruptAndReport(): Promise<void> {
    if (!(await interrupt())) voice.say('There is nothing to interrupt.')
  }

  async function interrupt(): Promise<boolean> {
    return (await session?.interrupt().catch(() => false)) ?? false
  }

  /** `false`: leave. */
  async function onCommand(command: string, argument: string): Promise<boolean> {
    if (command === '/quit') return false
    if (command === '/help') voice.say(...talkHelp)
    else if (command === '/continue' || command === '/drop') {
      if (session?.held.why === undefined) voice.say('No prompt waits in the queue.')
      else await (command === '/drop' ? session.held.drop() : session.held.goOn())
    } else if (command === '/agent') voice.say((await session?.steerAgent(argument)) ?? 'No session is open.')
    else if (command === '/logs') voice.say(...describeCrashLog(home))
    else if (command === '/restart') {
      if (!((await session?.retry()) ?? false))
        voice.say('Nothing to restart: the gateway and the session are running.')
    } else voice.say(`${command} works in the screen only.`)
    return true
  }

  function explain(error: unknown): string {
    const known = toUserError(error, client, options.gateway)
    if (!(known instanceof UserError)) throw error
    return `${known.message}.`
  }
}

/** Wraps a sentence at words; one that goes to no terminal stays a line. */
function wrap(sentence: string): string {
  const size = terminalSize()
  return size === undefined ? sentence : wrapRows(sentence, size.cols, {hard: false}).join('\n')
}

const interrupted = {kind: 'signal', signal: 'SIGINT'} as const
