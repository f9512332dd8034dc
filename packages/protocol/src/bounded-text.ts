import * as z from 'zod/mini'

import {fitsBytes, textBytes} from './text-bytes.ts'

/** A schema of texts of at most `maxBytes`, as `textBytes` counts them. */
export function boundedText(maxBytes: number): z.ZodMiniString {
  const error = ({input}: {input?: unknown}) =>
    `Expected at most ${maxBytes} bytes of UTF-8 with JSON escapes, got ${textBytes(String(input))}`
  return z.string().check(z.refine((text) => fitsBytes(text, maxBytes), {error}))
}
