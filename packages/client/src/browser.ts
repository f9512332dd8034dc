import {createLiveness, type InstanceEvent, type RecoveryPlan} from '@holdfast/recovery'
import {connectBrowserSocket, type BrowserTransport} from '@holdfast/transport/browser'

import type {GatewayConnector} from './gateway-connector.ts'
import {planLostConnection} from './plan-lost-connection.ts'

export interface BrowserGatewayOptions {
  /** Address of the gateway, `ws://…` or `wss://…`. The browser sends the cookies of the page's own server. */
  url: string | URL
  /**
   * Asked after a connection could not be opened, as a browser does not say why: `false` where the server refuses this browser,
   * which ends all attempts. An error counts as `true`. @default the server is tried without limit
   */
  isAllowed?: () => Promise<boolean>
  /** Receives the time of the next attempt, epoch ms, whenever one is planned. @default ignored */
  onPlan?: (attemptAt: number) => void
}

export interface BrowserGateway extends GatewayConnector {
  /**
   * Asks the gateway for an answer now, and gives the connection up after 5 s without one: call it where the line may be broken,
   * as when the page is shown again or the network has changed.
   */
  check(): void
}

/** How long an answer may take that `check` asks for, ms. */
const checkMs = 5000

class RefusedError extends Error {
  override name = 'RefusedError'
}

/**
 * Connects a page to a gateway over WebSocket, without limit: after a loss and after a first attempt that fails, again after 1, 2,
 * 4 … 30 s, shortened by up to half at random. A browser cannot send pings: requests take their place, every 15 s while nothing
 * arrives. A gateway from which nothing arrives for 45 s is gone.
 */
export function browserGateway({url, isAllowed, onPlan}: BrowserGatewayOptions): BrowserGateway {
  let watch: {ping: () => Promise<unknown>; transport: BrowserTransport} | undefined
  let transport: BrowserTransport | undefined

  const ask = async (from: NonNullable<typeof watch>, withinMs: number) => {
    const before = from.transport.received
    const timer = setTimeout(() => {
      if (from.transport.received === before) from.transport.giveUp(`it did not answer for ${withinMs / 1000} s`)
    }, withinMs)
    // Its error is the end of the connection, which everybody sees.
    await from.ping().catch(() => undefined)
    clearTimeout(timer)
  }

  return {
    async connect(_generation, signal) {
      try {
        transport = await connectBrowserSocket(url, {signal})
        return transport
      } catch (error) {
        if (isAllowed !== undefined && !(await isAllowed().catch(() => true)))
          throw new RefusedError('The gateway refuses this browser: pair it again', {cause: error})
        throw error
      }
    },
    onOpen(ping) {
      if (transport === undefined) return
      const opened = (watch = {ping, transport})
      const liveness = createLiveness(performance.now())
      let received = opened.transport.received
      const timer = setInterval(() => {
        const next = liveness.check(performance.now(), opened.transport.received !== received)
        received = opened.transport.received
        if (next === 'ping') void ping().catch(() => undefined)
        if (next === 'gone') opened.transport.giveUp('its heartbeat timed out')
      }, liveness.checkEveryMs)
      void opened.transport.closed.then(() => {
        clearInterval(timer)
        if (watch === opened) watch = undefined
      })
    },
    check() {
      if (watch !== undefined) void ask(watch, checkMs)
    },
    plan(history: readonly InstanceEvent[], now: number): RecoveryPlan {
      const plan = planLostConnection(history, now)
      if (plan.kind === 'restart') onPlan?.(Date.now() + plan.delayMs)
      return plan
    },
    isStartable: (error) => !(error instanceof RefusedError),
  }
}
