import {connect} from 'node:net'

import {greetingProblem} from '@holdfast/protocol'

import type {HostStatus} from './environment.ts'

export type ProbeResult = Pick<HostStatus, 'socket' | 'version' | 'mismatch'>

/** How long a host may take to greet, ms. */
const greetingTimeoutMs = 1000
/** Longer than any greeting. */
const maxGreetingBytes = 64 * 1024

/** Connects to a host's socket and reads its greeting: a host that is stopped accepts the connection and sends none. */
export function probeSocket(path: string): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = connect({path})
    let received = ''
    const finish = (result: ProbeResult) => {
      socket.destroy()
      resolve(result)
    }
    socket.setTimeout(greetingTimeoutMs, () => finish({socket: 'unresponsive'}))
    socket.on('data', (chunk) => {
      received += chunk.toString()
      if (received.includes('\n') || received.length > maxGreetingBytes) {
        finish({socket: 'responsive', ...readGreeting(received)})
      }
    })
    socket.once('error', () => finish({socket: 'closed'}))
    socket.once('end', () => finish({socket: 'closed'}))
  })
}

function readGreeting(text: string): Omit<ProbeResult, 'socket'> {
  try {
    const {params} = JSON.parse(text.slice(0, text.indexOf('\n'))) as {params?: {payload?: {version?: unknown}}}
    const version = params?.payload?.version
    const mismatch = greetingProblem(params)
    return {...(typeof version === 'string' && {version}), ...(mismatch !== undefined && {mismatch})}
  } catch {
    return {mismatch: 'its greeting is not one of a Holdfast host'}
  }
}
