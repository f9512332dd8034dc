import {maxPasteBytes} from '@holdfast/protocol'
import * as z from 'zod'

import type {ScreenCondition} from '../judge-screen.ts'
import {readScreenCondition} from '../read-condition.ts'

/** The most steps of a batch. */
const maxSteps = 1000
/** The most characters of a whole batch. */
export const maxBatchLength = 4 * 1024 * 1024
/** The longest time that a step may name: the maximum of timers, ms. */
const maxMs = 2 ** 31 - 1
const milliseconds = z.int().min(0).max(maxMs)
const cells = z.int().min(1).max(10_000)

const stepSchema = z.discriminatedUnion('command', [
  z.strictObject({
    command: z.literal('run'),
    text: z.string().min(1),
    /** `false`: the step is done when the command has started. */
    wait: z.boolean().default(true),
    timeout_ms: milliseconds.optional(),
  }),
  z.strictObject({command: z.literal('keys'), keys: z.array(z.string().max(16_384)).min(1).max(1000)}),
  z.strictObject({command: z.literal('type'), text: z.string().min(1).max(maxPasteBytes)}),
  z.strictObject({command: z.literal('paste'), text: z.string().max(maxPasteBytes)}),
  z.strictObject({
    command: z.literal('wait'),
    text: z.string().min(1).optional(),
    regex: z.string().min(1).optional(),
    exit: z.literal(true).optional(),
    idle_ms: milliseconds.optional(),
    stable_ms: milliseconds.optional(),
    cursor: z.strictObject({row: z.int().min(0), col: z.int().min(0)}).optional(),
    timeout_ms: milliseconds.optional(),
  }),
  z.strictObject({command: z.literal('snapshot'), scrollback: z.int().min(0).max(1000).default(0)}),
  z.strictObject({command: z.literal('resize'), cols: cells, rows: cells}),
  z.strictObject({command: z.literal('signal'), signal: z.string().min(1).max(32)}),
  z.strictObject({command: z.literal('mark'), name: z.string().min(1)}),
])
const commands = stepSchema.options.map(({shape}) => shape.command.value).join(', ')

type Step = z.infer<typeof stepSchema>

/** One step of a batch. `line`: where it stands, from 1. */
export type BatchStep = {line: number} & (
  Exclude<Step, {command: 'wait'}> | {command: 'wait'; condition: ScreenCondition; timeout_ms?: number | undefined}
)

/** A line of a batch is no step. */
export class BatchFormatError extends Error {
  override readonly name = 'BatchFormatError'
}

/**
 * The steps of a text with one JSON object a line; blank lines are left out. Throws a `BatchFormatError` that names the first line that is
 * no step, and for more than 1000 steps. Pure.
 */
export function readBatch(text: string): BatchStep[] {
  if (text.length > maxBatchLength)
    throw new BatchFormatError(`expected a batch of at most ${maxBatchLength} characters, got ${text.length}`)
  const lines = text.split('\n').map((line, index) => ({line: line.trim(), number: index + 1}))
  const steps = lines.filter(({line}) => line !== '')
  if (steps.length === 0) throw new BatchFormatError('expected one step a line, got none')
  if (steps.length > maxSteps) throw new BatchFormatError(`expected at most ${maxSteps} steps, got ${steps.length}`)
  return steps.map(({line, number}) => {
    try {
      return readStep(line, number)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      throw new BatchFormatError(`line ${number}: ${error.message}`)
    }
  })
}

function readStep(text: string, line: number): BatchStep {
  const {success, data, error} = stepSchema.safeParse(readJson(text))
  if (!success) throw new TypeError(describeIssue(error.issues[0]))
  if (data.command !== 'wait') return {line, ...data}
  const {command, timeout_ms, ...wanted} = data
  return {line, command, condition: readScreenCondition(wanted), timeout_ms}
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new TypeError('expected a JSON object, such as {"command":"keys","keys":["Enter"]}')
  }
}

function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'invalid_union') return `expected "command" to be one of ${commands}`
  const path = issue?.path.join('.') ?? ''
  return path === '' ? `${issue?.message}` : `\`${path}\`: ${issue?.message}`
}
