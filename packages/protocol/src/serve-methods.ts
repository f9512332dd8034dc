import {describeParseError, parseParams, type Method, type Params, type Result} from './methods.ts'

/** Functions that answer some of the methods. */
export type MethodTable<Context> = {
  [M in Method]?: (params: Params<M>, context: Context) => Result<M> | Promise<Result<M>>
}

/** Request handlers for a connection. */
export type MethodHandlers<Context> = Readonly<Record<string, (params: unknown, context: Context) => Promise<unknown>>>

/** An error with the error code that a peer gets for it. */
export interface WireCoded {
  readonly wireCode: number
}

const invalidParams = -32602

/**
 * Turns a table of typed functions into request handlers that parse the params first. `toError` makes the error for the
 * peer: for invalid params, with the code -32602, and for an error with a `wireCode`. Other errors are rethrown.
 */
export function serveMethods<Context>(
  table: MethodTable<Context>,
  toError: (code: number, message: string) => Error,
): MethodHandlers<Context> {
  const handlers = Object.entries(table).map(([name, handle]) => {
    const method = name as Method
    const answer = handle as (params: unknown, context: Context) => unknown
    return [
      method,
      async (params: unknown, context: Context) => {
        const parsed = parseOrThrow(method, params, toError)
        try {
          return await answer(parsed, context)
        } catch (error) {
          throw isWireCoded(error) ? toError(error.wireCode, error.message) : error
        }
      },
    ]
  })
  return Object.fromEntries(handlers) as MethodHandlers<Context>
}

function parseOrThrow(method: Method, params: unknown, toError: (code: number, message: string) => Error): unknown {
  try {
    return parseParams(method, params)
  } catch (error) {
    throw toError(invalidParams, `${method}: ${describeParseError(error)}`)
  }
}

function isWireCoded(error: unknown): error is Error & WireCoded {
  return error instanceof Error && 'wireCode' in error && typeof error.wireCode === 'number'
}
