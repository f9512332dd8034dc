import type {Breadcrumbs} from '@holdfast/breadcrumbs'
import type {GatewayConnector} from '@holdfast/client'

import {gatewayCommand, ownCommand} from '../process/own-command.ts'
import {version} from '../process/version.ts'
import type {GatewayChoice} from './gateway-choice.ts'

export interface GatewayConnectorOptions {
  home: string
  breadcrumbs: Breadcrumbs
  /** Start the gateway as a child process, so that the screen survives its crash. @default it runs in this process */
  asChild?: boolean
}

/** Connects to the gateway at the URL, to the program that `$HOLDFAST_GATEWAY` names, or to our own gateway. */
export async function gatewayConnector(
  {connect, tokenFile}: GatewayChoice,
  {home, breadcrumbs, asChild = false}: GatewayConnectorOptions,
): Promise<GatewayConnector> {
  // Imported when needed, so that commands start fast.
  if (connect !== undefined) {
    const [{remoteGateway}, {tokenForOwnServe}, {readToken}] = await Promise.all([
      import('@holdfast/client/remote'),
      import('./home-token.ts'),
      import('./read-token.ts'),
    ])
    const token =
      tokenFile === undefined
        ? await tokenForOwnServe(home, connect)
        : await readToken(tokenFile, {isClient: true, canBePipe: true})
    return remoteGateway({url: connect, token})
  }
  if (asChild || process.env['HOLDFAST_GATEWAY']) {
    const {localGateway} = await import('@holdfast/client/local')
    return localGateway({command: gatewayCommand(), breadcrumbs})
  }
  const {openInProcessGateway} = await import('@holdfast/gateway')
  const options = {home, hostCommand: ownCommand('host'), version, breadcrumbs}
  return {connect: () => Promise.resolve(openInProcessGateway(options))}
}
