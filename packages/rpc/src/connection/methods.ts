/**
 * The methods of a side that are not declared: any name, with unknown params and results.
 *
 * A declaration is an interface with a function for each method. A notification is a method that returns `void`:
 *
 *     interface Greeter {
 *       greet(params: {name: string}): string
 *       leave(): void
 *     }
 */
export type UndeclaredMethods = Record<string, (params: unknown) => unknown>

export type MethodName<Methods> = keyof Methods & string

/** The params of a method; `undefined` if it takes none. */
export type ParamsOf<Method> = Method extends (...params: infer Params extends readonly unknown[]) => unknown
  ? Params[0]
  : never

export type ResultOf<Method> = Method extends (...params: never) => infer Result ? Awaited<Result> : never

/** What follows the method name in a call: params, which may be left out if the method can do without, and `More`. */
export type Arguments<Method, More extends readonly unknown[] = []> =
  undefined extends ParamsOf<Method> ? [params?: ParamsOf<Method>, ...More] : [params: ParamsOf<Method>, ...More]
