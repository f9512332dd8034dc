import {describeParseError, parseParams, type Method, type Params, type Result} from './methods.ts'

/** What answers some of the methods, each typed by its name. */
export type MethodTable<Context> = {
  [M in Method]?: (params: Params<M>, context: Context) => Result<M> | Promise<Result<M>>
}

export type MethodHandlers<Context> = Readonly<Record<string, (params: unknown, context: Context) => Promise<unknown>>>

/** An error that knows which code of the wire says the same. */
export interface WireCoded {
  readonly wireCode: number
}

const invalidParams = -32602

/**
 * Makes handlers of a table: params are parsed before they come in, a fault goes out as what `toError` makes of its
 * code. An error without a `wireCode` goes out as it is.
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
        const parsed = read(method, params, toError)
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

function read(method: Method, params: unknown, toError: (code: number, message: string) => Error): unknown {
  try {
    return parseParams(method, params)
  } catch (error) {
    throw toError(invalidParams, `${method}: ${describeParseError(error)}`)
  }
}

function isWireCoded(error: unknown): error is Error & WireCoded {
  return error instanceof Error && 'wireCode' in error && typeof error.wireCode === 'number'
}
