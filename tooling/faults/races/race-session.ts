import {copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'

import {createClient} from '@holdfast/client'
import {localGateway} from '@holdfast/client/local'
import {sessionPaths} from '@holdfast/event-log'
import {outputText, type LoggedEvent} from '@holdfast/protocol'

import {createHome, type Home} from '../../../apps/tui/e2e/support/home.ts'
import {until} from '../../../apps/tui/e2e/support/until.ts'

export const hookedShells = ['bash', 'zsh', 'fish', 'dash'] as const
/** The last two are a dash and a zsh under another name, which get the sentinel. */
export const raceShells = [...hookedShells, 'unknown', 'unknown-zsh'] as const
export type RaceShell = (typeof raceShells)[number]
const originals = {unknown: 'dash', 'unknown-zsh': 'zsh'} as const

/** What a session said since the last `forget`. */
export interface RaceSession extends AsyncDisposable {
  readonly home: Home
  readonly id: string
  readonly shell: RaceShell
  /** Submits a command; resolves with the id of its prompt when that is committed. */
  submit(command: string): Promise<string>
  /** Submits a command, and resolves with its output when it has ended. */
  run(command: string): Promise<string>
  untilStarted(prompt: string): Promise<unknown>
  /** Fails if the prompt does not end. */
  untilEnded(prompt: string): Promise<unknown>
  interrupt(): Promise<unknown>
  /** Types a secret if the program hides it at this moment. */
  sendSecret(prompt: string, secret: string): Promise<boolean>
  outputOf(prompt: string): string
  readonly backgroundOutput: string
  /** Both, in order. */
  readonly allOutput: string
  /** Whether a program runs, or a prompt waits. */
  readonly isBusy: boolean
  /** The bytes of the log. */
  log(): string
  forget(): void
}

/** A race has been lost by then. A Ctrl-C needs up to 5 s where a shell is slow. */
const hangMs = 15_000

export async function openRaceSession(cli: string, shell: RaceShell): Promise<RaceSession> {
  const home = createHome({cli})
  // Without these, zsh asks questions, and fish works in the background at its first start.
  writeFileSync(`${home.user}/.zshrc`, `PS1='$ '\n`)
  mkdirSync(`${home.user}/.local/share/fish/generated_completions`, {recursive: true})
  const client = createClient({
    gateway: localGateway({command: [process.execPath, cli, 'gateway'], env: home.env}),
  })
  const id = await client.createSession({cwd: home.project, shell: pathOf(shell, home)})
  const events: LoggedEvent[] = []
  const session = await client.openSession(id, {afterSeq: 0, onEvent: (event) => void events.push(event)})
  const textOf = (isIncluded: (event: LoggedEvent) => boolean) =>
    events
      .filter(isIncluded)
      .map((event) =>
        event.type === 'message.delta' || event.type === 'background.output' ? outputText(event.payload) : '',
      )
      .join('')
  const untilEvent = (type: 'message.start' | 'message.complete', prompt: string) =>
    until(() => events.some((event) => event.type === type && event.payload.prompt_id === prompt), {
      what: `\`${type}\` of the command`,
      timeoutMs: hangMs,
    })

  const race: RaceSession = {
    home,
    id,
    shell,
    submit: async (command) => (await session.submit(command)).prompt_id,
    async run(command) {
      const prompt = await race.submit(command)
      await race.untilEnded(prompt)
      return race.outputOf(prompt)
    },
    untilStarted: (prompt) => untilEvent('message.start', prompt),
    untilEnded: (prompt) => untilEvent('message.complete', prompt),
    interrupt: () => session.interrupt(),
    sendSecret: async (promptId, secret) =>
      (await session.inputWhen('hidden', Buffer.from(`${secret}\n`), {promptId})) === undefined,
    outputOf: (prompt) => textOf((event) => event.type === 'message.delta' && event.payload.prompt_id === prompt),
    get backgroundOutput() {
      return textOf(({type}) => type === 'background.output')
    },
    get allOutput() {
      return textOf(() => true)
    },
    get isBusy() {
      return session.state.running !== null || session.state.queue.length > 0
    },
    log() {
      const {log} = sessionPaths(home.state, id)
      return [log, `${log}-wal`].map((file) => (existsSync(file) ? readFileSync(file, 'latin1') : '')).join('')
    },
    forget: () => void (events.length = 0),
    async [Symbol.asyncDispose]() {
      await client.close()
      await home[Symbol.asyncDispose]()
    },
  }
  await race.run('true')
  race.forget()
  return race
}

function pathOf(shell: RaceShell, home: Home): string {
  if (shell !== 'unknown' && shell !== 'unknown-zsh') return shell
  const copy = `${home.user}/other-shell`
  copyFileSync(`/usr/bin/${originals[shell]}`, copy)
  return copy
}
