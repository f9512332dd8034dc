import {readFileSync} from 'node:fs'

import {connect, credsAuthenticator, type NatsConnection, type NodeConnectionOptions} from '@nats-io/transport-node'

import type {FleetOptions} from './fleet.ts'

/** Connects to one of the servers, which names the others. From then on, the client reconnects for ever. Rejects with its error. */
export async function connectServers(servers: readonly string[], options: FleetOptions): Promise<NatsConnection> {
  const {timeoutMs = 2000} = options
  const common = {servers: [...servers], timeout: timeoutMs, ...connectionOptions(options)}
  let attempts = 0
  let isConnected = false
  try {
    const connection = await connect({
      ...common,
      // The client drops a server that refuses its first connection. Another one, which refuses it as well, names it again, without end.
      reconnectToServer() {
        if (!isConnected && ++attempts > 2 * servers.length) throw new Error('All servers refuse the connection')
        return null
      },
    })
    isConnected = true
    return connection
  } catch (error) {
    if (attempts <= 2 * servers.length) throw error
    // The client does not say why. It does where no server may name another.
    return await connect({...common, ignoreClusterUpdates: true})
  }
}

function connectionOptions({
  pingMs = 5000,
  user,
  password,
  token,
  credsFile,
  tls,
}: FleetOptions): NodeConnectionOptions {
  return {
    pingInterval: pingMs,
    maxPingOut: 2,
    reconnectTimeWait: 500,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    ...(user === undefined ? {} : {user}),
    ...(password === undefined ? {} : {pass: password}),
    ...(token === undefined ? {} : {token}),
    ...(credsFile === undefined ? {} : {authenticator: credsAuthenticator(() => readFileSync(credsFile))}),
    ...(tls === undefined ? {} : {tls}),
  }
}
