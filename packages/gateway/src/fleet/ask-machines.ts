import {isFleetError} from '@holdfast/fleet'
import {isParseError, parseResult, type Hello, type Method, type Params, type Result} from '@holdfast/protocol'
import {isPeerGone, isRequestTimeout, isRpcError, type Connection} from '@holdfast/rpc'

import {limitConcurrency} from '../limit-concurrency.ts'
import type {Cluster} from './cluster.ts'

export interface AskOptions {
  cluster: Pick<Cluster, 'connect'>
  hello: Hello
  signal: AbortSignal
  timeoutMs: number
}

export interface Answers<M extends Method> {
  answers: {machine: string; result: Result<M>}[]
  /** The machines without an answer. */
  silent: string[]
}

/** Machines that are asked at a time. */
const maxAsked = 8

/** Asks the gateway of one machine; `undefined` where it does not answer. Rejects with the `RpcError` of its answer. */
export async function askMachine<M extends Method>(
  machine: string,
  method: M,
  params: Params<M>,
  {cluster, hello, signal, timeoutMs}: AskOptions,
): Promise<Result<M> | undefined> {
  let gateway: Connection | undefined
  try {
    gateway = await cluster.connect({machine}, hello, signal)
    if (gateway === undefined) return undefined
    return parseResult(method, await gateway.request(method, params, {timeoutMs, signal}))
  } catch (error) {
    if (isPeerGone(error) || isRequestTimeout(error) || isFleetError(error)) return undefined
    throw error
  } finally {
    void gateway?.close('it has answered')
  }
}

/** Asks the gateways of many machines. One that answers with an error counts as one that does not answer. */
export async function askMachines<M extends Method>(
  machines: readonly string[],
  method: M,
  paramsOf: (machine: string) => Params<M>,
  options: AskOptions,
): Promise<Answers<M>> {
  const takeTurn = limitConcurrency(maxAsked)
  const answers: Answers<M>['answers'] = []
  const silent: string[] = []
  const ask = async (machine: string) => {
    const result = await askMachine(machine, method, paramsOf(machine), options).catch((error: unknown) => {
      if (isRpcError(error) || isParseError(error)) return undefined
      throw error
    })
    if (result === undefined) silent.push(machine)
    else answers.push({machine, result})
  }
  await Promise.all(machines.map((machine) => takeTurn(() => ask(machine))))
  return {answers, silent: silent.sort()}
}

/** Machines that a sentence names; it counts the others. */
const maxNamed = 3

/** For users: what may be missing because machines were silent. Pure. */
export function describeSilent(silent: readonly string[]): string | undefined {
  const [first, ...others] = silent
  if (first === undefined) return undefined
  if (others.length === 0) return `Machine ${first} does not answer: what it has may be missing`
  const named = silent.slice(0, maxNamed)
  const more = silent.length - named.length
  const last = more > 0 ? `${more} more` : named.pop()
  return `Machines ${named.join(', ')} and ${last} do not answer: what they have may be missing`
}
