import {cli, createHome, type Home} from '../../../apps/tui/e2e/support/home.ts'
import {openProbe, type Probe} from './probe.ts'

/** What is measured, as built. */
export interface Programs {
  /** A copy of Node that no other process runs: PSS divides shared memory among all that share it. */
  node: string
  helloWorld: string
}

/** A home folder of its own, and both programs in a terminal. */
export interface Setup extends AsyncDisposable {
  readonly home: Home
  openHoldfast(args?: readonly string[]): Probe
  openHelloWorld(): Probe
  /** The process ids of the session that a probe shows, by their roles. */
  pidsOf(probe: Probe): Promise<Record<'tui' | 'gateway' | 'host', number>>
}

/** In the first frame of both programs. */
export const composer = '❯'
/** On the screen when the session is live and nothing runs. */
export const idle = '· idle'
/** On the screen when a run has succeeded. */
export const ended = /✓/

export function createSetup({node, helloWorld}: Programs): Setup {
  const home = createHome()
  const {env, project: cwd} = home
  // With a code cache of its own.
  const helloWorldEnv = {...env, XDG_CACHE_HOME: `${home.temporary}/cache`}
  return {
    home,
    openHoldfast: (args = []) => openProbe({command: node, args: [cli, ...args], env, cwd}),
    openHelloWorld: () => openProbe({command: node, args: [helloWorld], env: helloWorldEnv, cwd}),
    async pidsOf({pid}) {
      const [gateway, host] = [await home.process('gateway'), await home.process('host')]
      return {tui: pid, gateway: gateway.pid, host: host.pid}
    },
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  }
}
