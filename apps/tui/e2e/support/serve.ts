import {writeFileSync} from 'node:fs'

import type {Home, RunningHoldfast} from './home.ts'
import {until} from './until.ts'

export const token = 'a-token-that-only-the-test-knows'

/** A `holdfast serve` of a home. */
export interface Server extends AsyncDisposable {
  readonly url: string
  readonly running: RunningHoldfast
  /** The options of `holdfast` that connect to it, directly or through a proxy. */
  optionsFor(url?: string): string[]
}

export interface ServerOptions {
  /** @default a free port of 127.0.0.1 */
  listen?: string
  /** Leaves the token to `serve`. @default the test makes one */
  ownToken?: boolean
  /** Further options of `serve`. @default none */
  args?: readonly string[]
}

/** Starts it; resolves when it listens. */
export async function startServer(home: Home, options: ServerOptions = {}): Promise<Server> {
  const {listen = '127.0.0.1:0', ownToken = false, args = []} = options
  const tokenFile = `${home.user}/token`
  const withToken = ownToken ? [] : ['--token-file', tokenFile]
  if (!ownToken) writeFileSync(tokenFile, `${token}\n`, {mode: 0o600})
  const running = home.startHoldfast(['serve', '--listen', listen, ...withToken, ...args, '--json'])
  const firstLine = until(() => running.stdout.includes('\n') && running.stdout, {what: 'its address'})
  const said = await Promise.race([firstLine, running.ended.then(({stderr}) => Promise.reject(new Error(stderr)))])
  const {url} = JSON.parse(said) as {url: string}
  return {
    url,
    running,
    optionsFor: (way = url) => ['--connect', way, ...withToken],
    async [Symbol.asyncDispose]() {
      running.child.kill('SIGTERM')
      await running.ended
    },
  }
}
