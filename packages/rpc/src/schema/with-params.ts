import {isThenable} from '../async/is-thenable.ts'
import {RpcError, rpcErrorCodes} from '../errors/rpc-error.ts'
import {describeIssues, keysOf} from './schema-error.ts'
import type {SchemaOutput, SchemaResult, StandardSchema} from './standard-schema.ts'

/**
 * Returns a handler or a subscriber that validates its params with a schema (zod, valibot, arktype, …) before it calls
 * `use`. A request whose params do not match is answered with -32602 and the issues; such a notification is a fault.
 */
export function withParams<Schema extends StandardSchema, Context extends readonly unknown[], Result>(
  schema: Schema,
  use: (params: SchemaOutput<Schema>, ...context: Context) => Result,
): (params: unknown, ...context: Context) => Result | Promise<Awaited<Result>> {
  return (params, ...context) => {
    const validated = schema['~standard'].validate(params)
    if (!isThenable(validated)) return use(outputOf(validated), ...context)
    return (async (): Promise<Awaited<Result>> => await use(outputOf(await validated), ...context))()
  }
}

function outputOf<Output>(result: SchemaResult<Output>): Output {
  if (!result.issues) return result.value
  const issues = result.issues.map(({message, path}) => ({message, path: keysOf(path)}))
  throw new RpcError(rpcErrorCodes.invalidParams, `Invalid params: ${describeIssues(issues)}`, {issues})
}
