import type {SchemaIssue} from '../schema/standard-schema.ts'

/** A result of the peer that does not fit the schema of its caller. */
export class SchemaError extends Error {
  override name = 'SchemaError'
  readonly code = 'schema-mismatch'
  readonly issues: readonly SchemaIssue[]

  constructor(method: string, issues: readonly SchemaIssue[]) {
    super(`Expected a result of \`${method}\` that fits its schema, got: ${describeIssues(issues)}`)
    this.issues = issues
  }
}

/** `message at path; message at path`, of the first three. */
export function describeIssues(issues: readonly SchemaIssue[]): string {
  return issues
    .slice(0, 3)
    .map(({message, path = []}) => (path.length === 0 ? message : `${message} at \`${keysOf(path).join('.')}\``))
    .join('; ')
}

/** A path as plain keys. */
export function keysOf(path: SchemaIssue['path'] = []): string[] {
  return path.map((part) => String(typeof part === 'object' ? part.key : part))
}
