import * as z from 'zod/mini'

/** A schema of integers from `min` to `max`, both included. */
export function wholeNumber(min: number, max?: number): z.ZodMiniNumberFormat {
  const atLeast = z.int().check(z.minimum(min))
  return max === undefined ? atLeast : atLeast.check(z.maximum(max))
}
