import {expect, test} from 'vitest'

import type {Question, QuestionEnd} from '../src/permissions/questions.ts'
import {createToolLedger} from '../src/recovery/tool-ledger.ts'
import type {ToolCall} from '../src/schema/tool-call.ts'

type Ledger = ReturnType<typeof createToolLedger>

const tool: ToolCall = {
  toolCallId: 't',
  title: undefined,
  kind: undefined,
  status: undefined,
  content: undefined,
  locations: undefined,
  _meta: undefined,
}
const question: Question = {
  id: 'q',
  tool,
  options: [
    {optionId: 'yes', name: 'Allow', kind: 'allow_once'},
    {optionId: 'no', name: 'Reject', kind: 'reject_once'},
  ],
}
const calls = (status?: string) => (tools: Ledger) => tools.take({...tool, status}, true)
const updates = (status?: string) => (tools: Ledger) => tools.take({...tool, status}, false)
const asks = (tools: Ledger) => tools.asked(question)
const ends = (end: QuestionEnd) => (tools: Ledger) => tools.answered('q', end)
const answers = (optionId: string) => ends({kind: 'answered', optionId, by: 'user'})

const unknown = {unknown: ['t'], notRun: []}
const notRun = {unknown: [], notRun: ['t']}
const nothing = {unknown: [], notRun: []}

test.each([
  ['runs', [calls('in_progress')], unknown],
  ['has ended', [calls(), updates('completed'), updates()], nothing],
  ['is asked about', [calls('pending'), asks, updates()], notRun],
  ['is only asked about', [asks, ends({kind: 'withdrawn', reason: 'the agent is gone'})], notRun],
  ['was allowed', [calls('pending'), asks, answers('yes')], unknown],
  ['was only asked about, and allowed', [asks, answers('yes')], unknown],
  ['was refused', [calls('pending'), asks, answers('no')], notRun],
  ['was only asked about, and refused', [asks, answers('no')], notRun],
  ['was asked about when the prompt was cancelled', [calls('pending'), asks, ends({kind: 'cancelled'})], notRun],
  ['was refused, and runs all the same', [calls('pending'), asks, answers('no'), updates('in_progress')], unknown],
])('at the end of its prompt, a tool that %s', (_what, steps, cut) => {
  const tools = createToolLedger()
  for (const step of steps) step(tools)
  expect(tools.cutShort()).toEqual(cut)
  expect(tools.cutShort()).toEqual(nothing)
})
