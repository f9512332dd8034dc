import * as z from 'zod'

import {keyActions, type KeyActionName} from '../keys/key-actions.ts'
import {keySyntax, parseKey} from '../keys/parse-key.ts'

export const keyActionName = z.enum(Object.keys(keyActions) as [KeyActionName, ...KeyActionName[]])

const key = z.string(`expected ${keySyntax}`).transform((text, {addIssue}) => {
  const parsed = parseKey(text)
  if ('key' in parsed) return parsed.key
  addIssue(parsed.problem)
  return z.NEVER
})

/** The keys of an action: one, a list, or `off` for none. */
export function keySetting(value: unknown): z.ZodType<readonly string[]> {
  if (value === 'off') return z.literal('off').transform(() => [])
  return Array.isArray(value) ? z.array(key).min(1, 'expected a key, or "off"') : key.transform((one) => [one])
}
