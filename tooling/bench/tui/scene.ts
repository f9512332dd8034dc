import {cli, createHome, type Home} from '../../../apps/tui/e2e/support/home.ts'
import {openProbe, type Probe} from './probe.ts'

/** A person at a terminal, with nothing of whoever measures. */
export interface Scene extends AsyncDisposable {
  readonly home: Home
  /** Starts the built app; see `idle` and `composer`. */
  openHoldfast(args?: readonly string[]): Probe
  /** Starts the least program of this kind. */
  openHelloWorld(): Probe
  /** The pids of the three processes of the session that is open in a probe. */
  cast(probe: Probe): Promise<Cast>
}

/** What is measured, as built. */
export interface Programs {
  /** A Node of their own: memory that is shared with other programs would be counted only in part. */
  node: string
  helloWorld: string
}

export interface Cast {
  tui: number
  gateway: number
  host: number
}

/** Both programs show it first. */
export const composer = '❯'
/** The session is there, and nothing runs in it. */
export const idle = '· idle'
/** A run has ended well. */
export const ended = /✓ /

export function createScene({node, helloWorld}: Programs): Scene {
  const home = createHome()
  const {env, project: cwd} = home
  return {
    home,
    openHoldfast: (args = []) => openProbe({command: node, args: [cli, ...args], env, cwd}),
    openHelloWorld: () => openProbe({command: node, args: [helloWorld], env, cwd}),
    async cast({pid}) {
      const [gateway, host] = [await home.process('gateway'), await home.process('host')]
      return {tui: pid, gateway: gateway.pid, host: host.pid}
    },
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  }
}
