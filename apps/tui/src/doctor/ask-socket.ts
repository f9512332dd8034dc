import {connect} from 'node:net'

import {greetingProblem} from '@holdfast/protocol'

import type {HostSeen} from './environment.ts'

/** What is learned by asking. */
export type Answer = Pick<HostSeen, 'socket' | 'version' | 'mismatch'>

/** How long a host may take to greet, ms. */
const greetWithinMs = 1000
/** A greeting has a few words; what is longer is none. */
const maxGreetingBytes = 64 * 1024

/** Whether somebody listens at a socket, and how they greet: a host that is stopped does not. */
export function askSocket(path: string): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect({path})
    let heard = ''
    const say = (answer: Answer) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(greetWithinMs, () => say({socket: 'deaf'}))
    socket.on('data', (chunk) => {
      heard += chunk.toString()
      if (heard.includes('\n') || heard.length > maxGreetingBytes) say({socket: 'answers', ...readGreeting(heard)})
    })
    socket.once('error', () => say({socket: 'nobody'}))
    socket.once('end', () => say({socket: 'nobody'}))
  })
}

function readGreeting(text: string): Omit<Answer, 'socket'> {
  try {
    const {params} = JSON.parse(text.slice(0, text.indexOf('\n'))) as {params?: {payload?: {version?: unknown}}}
    const said = params?.payload?.version
    const mismatch = greetingProblem(params)
    return {...(typeof said === 'string' && {version: said}), ...(mismatch !== undefined && {mismatch})}
  } catch {
    return {mismatch: 'it says something that is not understood'}
  }
}
