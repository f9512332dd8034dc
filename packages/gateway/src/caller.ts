import {
  errorCodes,
  onlyReads,
  protocolVersion,
  type Greeting,
  type Hello,
  type MethodHandlers,
} from '@holdfast/protocol'
import {RpcError} from '@holdfast/rpc'

/** Whose credential a client has shown. */
export interface Caller {
  /** The log has what the client does under this name, and others see it: see `isCallerName`. */
  name: string
  /** The client may look at everything, and change nothing. */
  isReadOnly: boolean
}

/** Throws an `RpcError` `readOnly` for a method that changes something where the caller may only look. */
export function requireAllowed(method: string, caller: Caller | undefined): void {
  if (caller?.isReadOnly !== true || onlyReads(method)) return
  const message = `${caller.name} may only look: to change something, connect with a credential that is not read-only`
  throw new RpcError(errorCodes.readOnly, message)
}

/** The same handlers, where the caller may call them. */
export function forCaller<Context>(
  caller: Caller | undefined,
  handlers: MethodHandlers<Context>,
): MethodHandlers<Context> {
  const allowed = Object.entries(handlers).map(([method, handle]) => {
    const ask = async (params: unknown, context: Context) => {
      requireAllowed(method, caller)
      return await handle(params, context)
    }
    return [method, ask] as const
  })
  return Object.fromEntries(allowed)
}

/** What a gateway says first. */
export function greet(version: string, caller: Caller | undefined): Greeting {
  const known = caller && {client: caller.name, ...(caller.isReadOnly && {read_only: true as const})}
  return {protocol: protocolVersion, version, ...known}
}

/** What a host is told of a client. */
export function presentClient(name: string | undefined, caller: Caller | undefined): Pick<Hello, 'name' | 'caller'> {
  return {name, caller: caller && {name: caller.name, ...(caller.isReadOnly && {read_only: true as const})}}
}
