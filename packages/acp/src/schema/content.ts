import * as z from 'zod'

/** The field may be missing or `null`, which mean the same. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined)
}

/** A member of a union that a later version of the protocol added: kept as it came, in `value`. Does not match the `known` types. */
export function otherType(known: readonly string[]) {
  return z
    .looseObject({type: z.string().refine((type) => !known.includes(type), 'Expected the fields of its type')})
    .transform((value) => ({type: 'other' as const, value}))
}

const text = z.object({type: z.literal('text'), text: z.string()})
const image = z.object({
  type: z.literal('image'),
  /** base64 */
  data: z.string(),
  mimeType: z.string(),
  uri: optional(z.string()),
})
const audio = z.object({type: z.literal('audio'), data: z.string(), mimeType: z.string()})
const resourceLink = z.object({
  type: z.literal('resource_link'),
  uri: z.string(),
  name: z.string(),
  title: optional(z.string()),
  mimeType: optional(z.string()),
  size: optional(z.number()),
})
const resource = z.object({
  type: z.literal('resource'),
  resource: z.union([
    z.object({uri: z.string(), mimeType: optional(z.string()), text: z.string()}),
    z.object({uri: z.string(), mimeType: optional(z.string()), blob: z.string()}),
  ]),
})

/** A part of a message, of a prompt, or of the output of a tool. */
export const contentBlock = z.union([
  z.discriminatedUnion('type', [text, image, audio, resourceLink, resource]),
  otherType(['text', 'image', 'audio', 'resource_link', 'resource']),
])
export type Content = z.infer<typeof contentBlock>
