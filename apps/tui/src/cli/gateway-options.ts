import type {Command} from 'commander'

import type {GatewayChoice} from '../sessions/gateway-choice.ts'
import {urlProblem} from './option-values.ts'

/** Before or behind the name of the command: both are natural. */
export function addGatewayOptions(command: Command): void {
  command
    .option('--connect <url>', 'the sessions of a `holdfast serve`, at ws://HOST:PORT or wss://…')
    .option('--token-file <file>', 'holds the word that it wants to hear')
}

export function gatewayChoice(command: Command): GatewayChoice {
  const {connect, tokenFile} = command.optsWithGlobals<GatewayChoice>()
  if (tokenFile !== undefined && connect === undefined) command.error('error: expected --connect beside --token-file')
  const problem = connect === undefined ? undefined : urlProblem(connect)
  if (problem !== undefined) command.error(`error: --connect: ${problem}`)
  return {...(connect === undefined ? {} : {connect}), ...(tokenFile === undefined ? {} : {tokenFile})}
}
