import {fleetArguments, type FleetChoice} from '../fleet/fleet-choice.ts'
import {invocation} from '../process/invocation.ts'
import {toShellLine} from './shell-line.ts'

/** The options that choose a gateway. */
export interface GatewayChoice {
  /** The URL of a `holdfast serve`. @default the sessions of this home */
  connect?: string | undefined
  tokenFile?: string | undefined
  /** The sessions of all machines of a fleet. */
  fleet?: FleetChoice | undefined
}

/** Whether the sessions are on other machines: folders and programs of this one say nothing about them. */
export function isRemote({connect, fleet}: GatewayChoice): boolean {
  return connect !== undefined || (fleet !== undefined && fleet.machine === undefined)
}

/** The host and port of the machine that serves the sessions; `undefined` is this one, or several. */
export function machineOf({connect}: GatewayChoice): string | undefined {
  return connect === undefined ? undefined : new URL(connect).host
}

/** The command line that the user would type for the same gateway. */
export function invocationFor(choice: GatewayChoice, ...args: string[]): string {
  return invocation(toShellLine([...args, ...gatewayArguments(choice)]))
}

/** The options that choose the same gateway. */
export function gatewayArguments({connect, tokenFile, fleet}: GatewayChoice): string[] {
  return [
    ...(connect === undefined ? [] : ['--connect', connect]),
    ...(tokenFile === undefined ? [] : ['--token-file', tokenFile]),
    ...(fleet === undefined ? [] : fleetArguments(fleet)),
  ]
}
