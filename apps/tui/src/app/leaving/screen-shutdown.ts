import {setTimeout as delay} from 'node:timers/promises'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import type {Client, ClientSession} from '@holdfast/client'
import type {DraftStore} from '@holdfast/client/typing'
import {createMemoryMonitor, graces, handleShutdown, onSignals, type Shutdown} from '@holdfast/supervisor'

import {printError} from '../../process/print-error.ts'
import type {UserError} from '../../process/user-error.ts'
import type {GatewayChoice} from '../../sessions/gateway-choice.ts'
import type {Screen} from '../../ui/show-screen.tsx'
import type {ScreenAttaching} from '../attaching/screen-attaching.ts'
import {sayFarewell} from './say-farewell.ts'

export interface ScreenShutdownOptions {
  breadcrumbs: Breadcrumbs
  client: Client
  gateway: GatewayChoice
  session: () => ClientSession | undefined
  screen: Screen
  attaching: ScreenAttaching
  drafts: DraftStore
  /** Why the session could not be opened: printed when the screen is closed. */
  failure: () => UserError | undefined
  /** SIGINT, unless a program has the terminal. In raw mode no key sends it: it comes from outside, such as for a process group. */
  onInterrupt: () => void
}

/** Ends this process in order when the user leaves, on a signal, and when the terminal is closed or the memory used up. */
export function handleScreenShutdown(options: ScreenShutdownOptions): Shutdown {
  const {breadcrumbs, client, gateway, session, screen, attaching, drafts, failure, onInterrupt} = options
  onSignals(['SIGINT'], () => attaching.interrupt() || onInterrupt())
  const shutdown = handleShutdown({
    breadcrumbs,
    signals: ['SIGTERM', 'SIGHUP', 'SIGQUIT'],
    stdin: process.stdin,
    async onShutdown() {
      attaching.release()
      // The terminal first: the user has it back even if something hangs after this.
      await screen.close()
      await Promise.race([drafts.flush(), delay(graces.client.saveMs)])
      if (session()?.status.kind !== 'ended') sayFarewell(session()?.id, gateway)
      const why = failure()
      if (why !== undefined) printError(why.message)
      await client.close('the screen was closed')
    },
    exit: (code) => process.exit(failure()?.exitCode ?? code),
  })
  process.stdout.on('error', () => shutdown.begin({kind: 'terminal-closed'}))
  createMemoryMonitor({
    breadcrumbs,
    onCritical: ({usedBytes, limitBytes}) => shutdown.begin({kind: 'memory', usedBytes, limitBytes}),
  })
  return shutdown
}
