import type {Command} from 'commander'

import {fleetChoice, fleetProblem, type FleetChoice, type FleetOptionValues} from '../fleet/fleet-choice.ts'
import type {GatewayChoice} from '../sessions/gateway-choice.ts'
import {urlProblem} from './option-values.ts'

/** Accepted before and after the name of the command. */
export function addGatewayOptions(command: Command): void {
  command
    .option('--connect <URL>', 'use the sessions of a `holdfast serve`: ws://HOST:PORT or wss://HOST')
    .option('--token-file <FILE>', 'file with the access token')
  addFleetOptions(command, 'use the sessions of a fleet: nats://HOST:PORT of its servers, with commas between them')
}

/** How a fleet is reached. */
export function addFleetOptions(command: Command, description: string): Command {
  return command
    .option('--fleet <URLS>', description)
    .option('--fleet-name <NAME>', 'one of several fleets of a cluster (default: main)')
    .option('--creds <FILE>', 'file with the credentials for the cluster: of `nsc`, or USER:PASSWORD, or a token')
    .option('--fleet-ca <FILE>', 'encrypt: file with the authorities to trust, in PEM')
    .option('--fleet-cert <FILE>', 'file with a certificate that the cluster asks for, in PEM')
    .option('--fleet-key <FILE>', 'file with the key of the certificate, in PEM')
}

/** The fleet of a command; `undefined` if it has none. */
export function chosenFleet(command: Command): FleetChoice | undefined {
  const options = command.optsWithGlobals<FleetOptionValues>()
  const problem = fleetProblem(options)
  if (problem !== undefined) command.error(`error: ${problem}`)
  return fleetChoice(options)
}

export function gatewayChoice(command: Command): GatewayChoice {
  const {connect, tokenFile} = command.optsWithGlobals<{connect?: string; tokenFile?: string}>()
  if (tokenFile !== undefined && connect === undefined) command.error('error: expected --connect beside --token-file')
  const problem = connect === undefined ? undefined : urlProblem(connect)
  if (problem !== undefined) command.error(`error: --connect: ${problem}`)
  const fleet = chosenFleet(command)
  if (fleet !== undefined && connect !== undefined) command.error('error: expected --connect or --fleet, got both')
  return {connect, tokenFile, fleet}
}

/** The options of a command, and its gateway. */
export function withGateway<Options extends {gateway: GatewayChoice}>(
  options: Omit<Options, 'gateway'>,
  command: Command,
): Options {
  return {...options, gateway: gatewayChoice(command)} as Options
}
