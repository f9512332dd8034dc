import * as z from 'zod/mini'

interface JsonSchema {
  type?: string | string[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: JsonSchema | false
  propertyNames?: JsonSchema
  items?: JsonSchema
  anyOf?: JsonSchema[]
  enum?: string[]
  const?: unknown
  pattern?: string
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  minimum?: number
  maximum?: number
}

/**
 * A schema in the notation of docs/protocol.md, without names: `{text: string(1..128), position?: int(0..)}`. `input`: what a sender
 * may leave out because it has a default is optional.
 */
export function notationOf(schema: z.ZodMiniType, io: 'input' | 'output'): string {
  return render(z.toJSONSchema(schema, {io, unrepresentable: 'any'}) as JsonSchema)
}

function render(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(render).join(' | ')
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (Array.isArray(schema.type)) return schema.type.map((type) => render({type})).join(' | ')
  switch (schema.type) {
    case 'object':
      return renderObject(schema)
    case 'array':
      return `${render(schema.items ?? {})}[${range(schema.minItems, schema.maxItems)}]`
    case 'string': {
      const {pattern, minLength, maxLength} = schema
      return `string${inParentheses(pattern === undefined ? range(minLength, maxLength) : `/${pattern}/`)}`
    }
    case 'integer':
      return `int${inParentheses(range(schema.minimum, schema.maximum))}`
    case 'number':
      return `number${inParentheses(range(schema.minimum, schema.maximum))}`
    case 'boolean':
      return 'bool'
    default:
      return schema.type ?? 'any'
  }
}

function renderObject({properties = {}, required = [], additionalProperties, propertyNames}: JsonSchema): string {
  if (propertyNames !== undefined) return `{[${render(propertyNames)}]: ${render(additionalProperties || {})}}`
  const keys = Object.entries(properties).map(
    ([key, value]) => `${key}${required.includes(key) ? '' : '?'}: ${render(value)}`,
  )
  return `{${keys.join(', ')}}`
}

/** `1..128`, `0..`, or nothing. Bounds beyond the safe integers are none. */
function range(min = -Infinity, max = Infinity): string {
  const ends = [min, max].map((end) => (Math.abs(end) >= Number.MAX_SAFE_INTEGER ? '' : String(end)))
  return ends.join('') === '' ? '' : ends.join('..')
}

function inParentheses(text: string): string {
  return text === '' ? '' : `(${text})`
}
