import * as z from 'zod/mini'

/**
 * A schema of objects that keeps keys which it does not know, as a newer peer may send them. The type has only the known
 * keys, so that the compiler finds a misspelled one.
 */
export function openObject<Shape extends z.core.$ZodShape>(shape: Shape): z.ZodMiniObject<Shape> {
  return z.looseObject(shape)
}
