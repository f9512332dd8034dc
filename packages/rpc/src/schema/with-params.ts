import {isThenable} from '../async/is-thenable.ts'
import {RpcError, rpcErrorCodes} from '../errors/rpc-error.ts'
import {describeIssues, keysOf} from '../errors/schema-error.ts'
import type {SchemaOutput, SchemaResult, StandardSchema} from './standard-schema.ts'

/**
 * A handler or a subscriber whose params were checked by a schema (zod, valibot, arktype, …) before it is called.
 * A request with params that do not fit is answered -32602 with the issues; such a notification is a fault here.
 */
export function withParams<Schema extends StandardSchema, Context extends readonly unknown[], Result>(
  schema: Schema,
  use: (params: SchemaOutput<Schema>, ...context: Context) => Result,
): (params: unknown, ...context: Context) => Result | Promise<Result> {
  return (params, ...context) => {
    const checked = schema['~standard'].validate(params)
    if (!isThenable(checked)) return use(accept(checked), ...context)
    return (async () => await use(accept(await checked), ...context))()
  }
}

function accept<Output>(result: SchemaResult<Output>): Output {
  if (!result.issues) return result.value
  const issues = result.issues.map(({message, path}) => ({message, path: keysOf(path)}))
  const why = `Expected params that fit their schema, got: ${describeIssues(issues)}`
  throw new RpcError(rpcErrorCodes.invalidParams, why, {issues})
}
