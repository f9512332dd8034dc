import type {SchemaIssue} from './standard-schema.ts'
import {hasBrand} from '../errors/has-brand.ts'

const brand = Symbol.for('holdfast.SchemaError')

/** The peer sent a result that does not match the schema of its caller. */
export class SchemaError extends Error {
  override name = 'SchemaError'
  readonly [brand] = true
  readonly code = 'schema-mismatch'
  readonly issues: readonly SchemaIssue[]

  constructor(method: string, issues: readonly SchemaIssue[]) {
    super(`The result of \`${method}\` does not match its schema: ${describeIssues(issues)}`)
    this.issues = issues
  }
}

export function isSchemaError(error: unknown): error is SchemaError {
  return hasBrand(error, brand)
}

/** The first three issues, as `message at path; message at path`. */
export function describeIssues(issues: readonly SchemaIssue[]): string {
  return issues
    .slice(0, 3)
    .map(({message, path = []}) => (path.length === 0 ? message : `${message} at \`${keysOf(path).join('.')}\``))
    .join('; ')
}

export function keysOf(path: SchemaIssue['path'] = []): string[] {
  return path.map((part) => String(typeof part === 'object' ? part.key : part))
}
