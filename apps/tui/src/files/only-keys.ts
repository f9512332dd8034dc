import * as z from 'zod'

/** An object of these keys only; errors list them. */
export function onlyKeys<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error({code}) {
      const keys = new Intl.ListFormat('en').format(Object.keys(shape).map((key) => `\`${key}\``))
      return code === 'unrecognized_keys' ? `expected one of the keys ${keys}` : `expected an object with ${keys}`
    },
  })
}
