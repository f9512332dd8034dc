import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import type {GatewayConnector} from '@holdfast/client'

import {gatewayCommand, ownCommand} from '../process/own-command.ts'
import {version} from '../process/version.ts'
import type {GatewayChoice} from './gateway-choice.ts'
import {readToken} from './read-token.ts'

export interface RouteOptions {
  home: string
  breadcrumbs: Breadcrumbs
  /** A gateway of our own runs as a child: then it may die, and the screen lives on. @default it runs in this process */
  asChild?: boolean
}

/** The way to the gateway: the one that listens at the URL, the program that the environment names, or our own. */
export async function routeFor(
  {connect, tokenFile}: GatewayChoice,
  {home, breadcrumbs, asChild = false}: RouteOptions,
): Promise<GatewayConnector> {
  // Each is loaded when it is needed, so that each command starts fast.
  if (connect !== undefined) {
    const {remoteGateway} = await import('@holdfast/client/remote')
    return remoteGateway({url: connect, ...(tokenFile === undefined ? {} : {token: readToken(tokenFile)})})
  }
  if (asChild || process.env['HOLDFAST_GATEWAY']) {
    const {localGateway} = await import('@holdfast/client/local')
    return localGateway({command: gatewayCommand(), breadcrumbs})
  }
  const {openInProcessGateway} = await import('@holdfast/gateway')
  const options = {home, hostCommand: ownCommand('host'), version, breadcrumbs}
  return {connect: () => Promise.resolve(openInProcessGateway(options))}
}
