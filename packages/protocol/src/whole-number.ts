import * as z from 'zod/mini'

/** A schema of whole numbers between two bounds, both included. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): z.ZodMiniNumberFormat {
  return z.int().check(z.minimum(min), z.maximum(max))
}
