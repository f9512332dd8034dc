/** A schema of zod, valibot, arktype and others: the part of Standard Schema 1 that this package uses. See https://standardschema.dev. */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
    readonly types?: {readonly input: Input; readonly output: Output} | undefined
  }
}

export type SchemaResult<Output> =
  {readonly value: Output; readonly issues?: undefined} | {readonly issues: readonly SchemaIssue[]}

export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | {readonly key: PropertyKey})[] | undefined
}

export type SchemaOutput<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>['output']
