import {randomUUID} from 'node:crypto'
import {hostname} from 'node:os'
import {resolve} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import {homePaths, isLeaseHeldError, listLogs, takeLease} from '@holdfast/event-log'
import type {Fleet, FleetError, FleetListener, MachineReport, RunningMachine} from '@holdfast/fleet'
import {serveGateway, type GatewayOptions} from '@holdfast/gateway'

import {findAgents} from '../../../agents/find-agents.ts'
import type {FleetChoice} from '../../../fleet/fleet-choice.ts'
import {routeGateway} from '../../../fleet/gateway-fleet.ts'
import {readMembership, removeMembership, writeMembership, type Membership} from '../../../fleet/membership.ts'
import {openFleetOf, type NewFleet} from '../../../fleet/open-fleet.ts'
import {describeReport, recordReport} from '../../../fleet/record-report.ts'
import {keepArchiving} from '../../../fleet/keep-archiving.ts'
import {createSessionHosts} from '../../../fleet/session-hosts.ts'
import {toFleetSettings} from '../../../fleet/to-fleet-settings.ts'
import {printError} from '../../../process/print-error.ts'
import {UserError} from '../../../process/user-error.ts'

/** The options of `serve` for a machine of a fleet. */
export interface MemberOptions extends NewFleet {
  /** @default the host name */
  name?: string
  /** A folder for the closed sessions that leave the cluster. @default they stay */
  archive?: string
  /** How long closed sessions stay where there is an archive, ms. @default 90 days */
  keepClosed?: number
  /** Of a new fleet, ms. */
  lease?: number
}

export interface FleetMember {
  name: string
  /** Whether the cluster has answered yet. */
  isJoined: boolean
  /** What the gateways of this process need. */
  routes: Pick<GatewayOptions, 'fleet' | 'hostEnvironment'>
  close(): Promise<void>
}

export interface JoinOptions {
  home: string
  gateway: Pick<GatewayOptions, 'hostCommand' | 'version'>
  breadcrumbs: Breadcrumbs
  /** It cannot be a member any more, as the message says. */
  onFailure: (message: string) => void
}

const namePattern = /^[\w-]{1,64}$/
/** The pause after an attempt to reach the cluster, ms. */
const retryMs = 1000
/** How long the machine may take to end: less than a process may take to shut down, ms. */
const closeMs = 600

/**
 * Makes this machine a member of a fleet; where the cluster does not answer, as soon as it does. Throws a `UserError` for what does not
 * change by itself: wrong credentials, a name that another machine has.
 */
export async function joinFleet(choice: FleetChoice, options: MemberOptions, join: JoinOptions): Promise<FleetMember> {
  const {home, breadcrumbs, onFailure} = join
  const {name = hostname().replace(/\..*/, ''), archive, keepClosed, lease: leaseMs, ...created} = options
  if (!namePattern.test(name)) {
    throw new UserError(`--name: expected 1 to 64 letters, digits, - and _, got \`${name}\``, {code: 'usage'})
  }
  requireOwnName(home, {fleet: choice.name, name})
  const lock = lockHome(home)
  const found = memberBefore(home, choice.name)
  const before = found?.settings.machine === name ? found : undefined
  const settings = {...(await toFleetSettings({...choice, machine: name})), machine: name}
  const instance = randomUUID()
  const ending = new AbortController()
  let fleet: Fleet | undefined
  let machine: RunningMachine | undefined
  let listener: FleetListener | undefined

  const routed = await routeGateway(settings, home, async () => fleet ?? (await openFleetOf(settings)))
  const gateway: GatewayOptions = {
    ...join.gateway,
    home,
    breadcrumbs,
    hostEnvironment: routed.options.hostEnvironment,
  }
  const onReport = (report: MachineReport) => {
    recordReport(breadcrumbs, report)
    const message = describeReport(report)
    if (message !== undefined) printError(message)
  }

  const enter = async () => {
    const {listenFleet, startMachine} = await import('@holdfast/fleet')
    fleet ??= await openFleetOf(settings, created)
    const {promise} = created
    if (promise !== undefined && promise !== fleet.promise)
      printError(
        `the fleet ${choice.name} has the promise ${fleet.promise}, which cannot be changed: --promise ${promise} is ignored`,
      )
    machine = await startMachine(fleet, {
      name,
      instance,
      replaces: before?.instance,
      labels: agentLabels(),
      home,
      hosts: createSessionHosts(home, {gateway, breadcrumbs}),
      onReport,
      ...(leaseMs !== undefined && {leaseMs}),
      ...(created.replicas !== undefined && {replicas: created.replicas}),
    })
    writeMembership(home, {settings, instance})
    const forFleet = {...gateway, isForFleet: true}
    listener = listenFleet(fleet, {machine: name}, (transport) => void serveGateway(transport, forFleet), {
      onFault: (error) => breadcrumbs.record('accept-failed', {errno: error.code}),
    })
    const {look} = machine
    if (archive !== undefined) {
      const archiving = {
        folder: resolve(archive),
        keepMs: keepClosed,
        onArchived: look,
        breadcrumbs,
        signal: ending.signal,
      }
      void keepArchiving(fleet, archiving)
    }
    machine.failed.catch((error: FleetError) => ending.signal.aborted || onFailure(error.message))
  }

  const leave = async () => {
    ending.abort()
    // Without the cluster, a lease cannot be given up, for example: the rest is done all the same.
    await Promise.race([Promise.allSettled([listener?.close(), machine?.close()]), delay(closeMs)])
    if (machine?.isDrained === true) removeMembership(home)
    await Promise.allSettled([fleet?.close(), routed.close()])
    lock.release()
  }

  const keepTrying = async () => {
    while (!ending.signal.aborted) {
      await delay(retryMs, undefined, {signal: ending.signal}).catch(() => {})
      if (ending.signal.aborted) return
      try {
        await enter()
        return printError(`the cluster answers: this machine is ${name} in the fleet ${choice.name}`)
      } catch (error) {
        if (isPassing(error)) continue
        if (before === undefined) removeMembership(home)
        return onFailure((error as Error).message)
      }
    }
  }

  try {
    await enter()
  } catch (error) {
    if (!isPassing(error)) {
      await leave()
      throw toUserError(error)
    }
    // Without it, hosts that start meanwhile would run sessions beside the fleet.
    writeMembership(home, {settings, instance: before?.instance ?? instance})
    printError(`${(error as Error).message}: this machine joins the fleet as soon as it can`)
    void keepTrying()
  }
  return {name, isJoined: machine !== undefined, routes: routed.options, close: leave}
}

/** One process of a home is the machine. */
function lockHome(home: string) {
  try {
    return takeLease(`${homePaths(home).run}/fleet.lock`, {waitMs: 500})
  } catch (error) {
    if (!isLeaseHeldError(error)) throw error
    throw new UserError(`another \`holdfast serve --fleet\` serves ${home}: stop it first`, {cause: error})
  }
}

/** The sessions of a home belong to the name of its machine: under another name, nothing here would run or remove them. */
function requireOwnName(home: string, {fleet, name}: {fleet: string; name: string}): void {
  const before = memberBefore(home, fleet)?.settings.machine
  if (before === undefined || before === name || listLogs(homePaths(home).sessions).length === 0) return
  throw new UserError(
    `the sessions of this home are those of machine ${before} of the fleet ${fleet}: start it with --name ${before}; to give it another name, first drain it with \`holdfast fleet drain ${before}\`, and stop it`,
  )
}

/** What an earlier process of this home has left. A file that cannot be read is written anew. */
function memberBefore(home: string, fleet: string): Membership | undefined {
  try {
    const found = readMembership(home)
    return found?.settings.name === fleet ? found : undefined
  } catch {
    return undefined
  }
}

function agentLabels(): string[] {
  const {agents} = findAgents()
  return agents.filter(({program}) => program !== undefined).map(({name}) => `agent:${name}`)
}

/** Whether it may change by itself. */
function isPassing(error: unknown): boolean {
  const {name, code} = error as FleetError
  return name === 'FleetError' && (code === 'unreachable' || code === 'too-few-servers')
}

function toUserError(error: unknown): unknown {
  const {name, code, message} = error as FleetError
  if (name !== 'FleetError') return error
  const remedy = code === 'name-taken' ? ' with --name' : code === 'forbidden' ? ': see --creds' : ''
  return new UserError(message + remedy, {cause: error, code: code === 'forbidden' ? 'not_allowed' : 'failed'})
}
