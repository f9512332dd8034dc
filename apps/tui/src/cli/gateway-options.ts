import type {Command} from 'commander'

import type {GatewayChoice} from '../sessions/gateway-choice.ts'
import {urlProblem} from './option-values.ts'

/** Accepted before and after the name of the command. */
export function addGatewayOptions(command: Command): void {
  command
    .option('--connect <URL>', 'use the sessions of a `holdfast serve`: ws://HOST:PORT or wss://HOST')
    .option('--token-file <FILE>', 'file with the access token')
}

export function gatewayChoice(command: Command): GatewayChoice {
  const {connect, tokenFile} = command.optsWithGlobals<GatewayChoice>()
  if (tokenFile !== undefined && connect === undefined) command.error('error: expected --connect beside --token-file')
  const problem = connect === undefined ? undefined : urlProblem(connect)
  if (problem !== undefined) command.error(`error: --connect: ${problem}`)
  return {connect, tokenFile}
}

/** The options of a command, and its gateway. */
export function withGateway<Options extends {gateway: GatewayChoice}>(
  options: Omit<Options, 'gateway'>,
  command: Command,
): Options {
  return {...options, gateway: gatewayChoice(command)} as Options
}
