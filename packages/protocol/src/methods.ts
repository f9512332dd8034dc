import {$ZodError} from 'zod/v4/core'
import type * as z from 'zod/mini'

import {agentMethods} from './methods/agent-methods.ts'
import {programMethods} from './methods/program-methods.ts'
import {promptMethods} from './methods/prompt-methods.ts'
import {sessionMethods} from './methods/session-methods.ts'
import {parseWith} from './parse-with.ts'

export type {InputCondition, InputObstacle} from './methods/program-methods.ts'
export type {SessionSummary} from './session-summary.ts'

/**
 * The schemas of the params and the result of each method. Parsing params drops keys that are not listed here; parsing results
 * keeps them, because a newer peer may send more. Times (`at`, `…_at`) are epoch milliseconds.
 *
 * A method with a `session_id` fails with `sessionNotFound` where there is no such session. A method that needs the host of the
 * session starts it where it does not run, and fails with `hostUnavailable` where that fails, and with `sessionClosed` for a
 * closed session.
 */
export const methods = {...sessionMethods, ...programMethods, ...promptMethods, ...agentMethods} as const

export type Method = keyof typeof methods
export type Params<M extends Method> = z.infer<ReturnType<(typeof methods)[M]>['params']>
export type Result<M extends Method> = z.infer<ReturnType<(typeof methods)[M]>['result']>

/** All methods as functions, for a typed connection: `createConnection<Local, Methods>` of `@holdfast/rpc`. */
export type Methods = {
  [M in Method]: Record<string, never> extends Params<M>
    ? (params?: Params<M>) => Result<M>
    : (params: Params<M>) => Result<M>
}

/** Parses the params of a request. Throws a `$ZodError`. */
export function parseParams<M extends Method>(method: M, params: unknown): Params<M> {
  return parseWith(methods[method]().params, params ?? {}) as Params<M>
}

/** Parses the result of a request. Throws a `$ZodError`. */
export function parseResult<M extends Method>(method: M, result: unknown): Result<M> {
  return parseWith(methods[method]().result, result) as Result<M>
}

/** Whether the error comes from params or a result that do not match their schema. */
export function isParseError(error: unknown): error is $ZodError {
  return error instanceof $ZodError
}

/** Describes a parse error on one line: for each problem, the path and the expected value. */
export function describeParseError(error: unknown): string {
  if (!isParseError(error)) return error instanceof Error ? error.message : String(error)
  return error.issues.map((issue) => `${issue.path.join('.') || 'params'}: ${issue.message}`).join('; ')
}
