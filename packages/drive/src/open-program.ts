import type {Client} from '@holdfast/client'
import type {PictureOptions} from '@holdfast/picture'
import type {ScreenSnapshot} from '@holdfast/protocol'

import {screenText, type ScreenCondition} from './judge-screen.ts'
import {ScreenWaitError} from './screen-wait-error.ts'
import {defaultWaitMs, waitForScreen} from './wait-for-screen.ts'

/** A program that runs in the terminal of a session. It runs on when this process or its gateway dies. */
export interface DrivenProgram {
  readonly sessionId: string
  /**
   * Presses keys at once, whether the program reads or not: names as in `tmux send-keys`, such as `Enter`, `Down`, `C-c`, `ctrl+c`, `M-x`,
   * `F5`; a word that names no key is typed as it is. Resolves to the version of the screen at that moment, for `after` of `waitFor`. Rejects
   * with an `RpcError` if the program has ended.
   */
  keys(...keys: string[]): Promise<number | undefined>
  /**
   * Pastes a text of at most 512 KiB, as a bracketed paste if the program has asked for that. Resolves as `keys`.
   */
  paste(text: string): Promise<number | undefined>
  /**
   * Resolves when the screen is as wanted, also if it was so before. With `after`, a text, a match or a place of the cursor counts only when
   * the program has printed something since. Rejects with a `ScreenWaitError` after `timeoutMs` (default 30,000), and if the program ends
   * before.
   */
  waitFor(condition: ScreenCondition, options?: {timeoutMs?: number; after?: number | undefined}): Promise<void>
  /**
   * What the screen shows, after all output so far, and up to `scrollback` rows above it (default 0, at most 1000). Rejects with an
   * `RpcError` if the program has ended.
   */
  snapshot(options?: {scrollback?: number}): Promise<ScreenSnapshot>
  /** The text of that. */
  text(): Promise<string>
  /**
   * Draws what the screen shows, as the content of a file: a PNG, or with `format` an SVG. Rejects with a `RasteriserMissingError` if there is no
   * rasteriser for this platform, and with an `RpcError` if the program has ended.
   */
  screenshot(options?: PictureOptions): Promise<Buffer>
  /**
   * Sends a signal, such as `SIGTERM`, to the foreground process group of the terminal. Resolves to its name. Rejects with an `RpcError`
   * if the program has ended, or where there is no such signal.
   */
  signal(name: string): Promise<string>
  /** Marks this moment in the log of the session. Resolves to the `seq` of the event. */
  mark(name: string): Promise<number>
  /** Columns and rows of the terminal. */
  resize(size: {cols: number; rows: number}): Promise<void>
  /** Ends the session, and what runs in it. Its log stays. */
  close(): Promise<void>
}

export interface OpenProgramOptions {
  /** The folder of the program: an absolute path, or one that begins with `~/`. @default the home folder of the user */
  cwd?: string
  /** Variables for the program. @default those of the host */
  env?: Readonly<Record<string, string>>
  /** @default 80 columns and 24 rows */
  size?: {cols: number; rows: number}
}

const defaultSize = {cols: 80, rows: 24}

/**
 * Starts a program, a path or a name on `$PATH`, in a session of its own, which ends with it. Rejects with an `RpcError` if there is no
 * such program or folder.
 */
export async function openProgram(
  client: Client,
  program: readonly [string, ...string[]],
  {cwd, env, size = defaultSize}: OpenProgramOptions = {},
): Promise<DrivenProgram> {
  const sessionId = await client.createSession({program: [...program], cwd, env: env && {...env}, ...size})
  return driveSession(client, sessionId)
}

/** Drives the program that runs in a session, whoever has started it. */
export function driveSession(client: Client, sessionId: string): DrivenProgram {
  const session_id = sessionId
  const snapshot = ({scrollback = 0} = {}) => client.request('screen.snapshot', {session_id, scrollback})
  return {
    sessionId,
    keys: async (...keys) => (await client.request('session.keys', {session_id, keys})).screen_version,
    paste: async (text) => (await client.request('session.paste', {session_id, text})).screen_version,
    async waitFor(condition, {timeoutMs = defaultWaitMs, after} = {}) {
      const end = await waitForScreen(client, sessionId, condition, {timeoutMs, after})
      if (end === 'met') return
      if (end === 'ended') throw new ScreenWaitError(end, {condition, timeoutMs})
      const screen = await snapshot().then(screenText, () => 'no program is running')
      throw new ScreenWaitError(end, {condition, timeoutMs, screen})
    },
    snapshot,
    text: async () => screenText(await snapshot()),
    async screenshot(options) {
      const {drawPicture} = await import('@holdfast/picture')
      return await drawPicture(await snapshot(), options)
    },
    signal: async (name) => (await client.request('session.signal', {session_id, signal: name})).signal,
    mark: async (name) => (await client.request('session.mark', {session_id, name})).seq,
    async resize(size) {
      await client.request('session.resize', {session_id, ...size})
    },
    async close() {
      await client.request('session.close', {session_id})
    },
  }
}
