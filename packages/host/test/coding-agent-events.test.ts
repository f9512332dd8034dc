import {describe, expect, test} from 'vitest'

import {decideByPolicy} from '../src/agent/acp/decide-by-policy.ts'
import {toSettings} from '../src/agent/acp/to-settings.ts'
import {toTool} from '../src/agent/acp/to-tool.ts'

describe('decideByPolicy', () => {
  const options = [
    {optionId: 'a', name: 'Always', kind: 'allow_always'},
    {optionId: 'o', name: 'Once', kind: 'allow_once'},
    {optionId: 'n', name: 'No', kind: 'reject_once'},
  ]

  test.each([
    ['execute', {execute: 'allow'}, 'o'],
    ['execute', {execute: 'reject'}, 'n'],
    ['execute', {execute: 'ask'}, undefined],
    ['execute', {edit: 'allow'}, undefined],
    [undefined, {other: 'allow'}, 'o'],
    ['constructor', {edit: 'allow'}, undefined],
  ] as const)('a tool of the kind %s, with %j: %s', (kind, policy, optionId) => {
    expect(decideByPolicy(options, kind, policy)).toBe(optionId)
  })

  test('asks where the agent offers no such option', () => {
    expect(decideByPolicy([options[0]!], 'edit', {edit: 'reject'})).toBeUndefined()
  })
})

describe('toTool', () => {
  test('leaves out what is too large, the output before the input, and counts it', () => {
    const tool = {toolCallId: 't', title: 'Read', rawInput: 'in', rawOutput: 'x'.repeat(2000), ...noFields}
    expect(toTool('p', tool, 1000)).toEqual({
      prompt_id: 'p',
      tool_call_id: 't',
      title: 'Read',
      raw_input: 'in',
      elided_bytes: 2002,
    })
  })

  test('keeps content of kinds that are not known as it came', () => {
    const value = {type: 'hologram', depth: 3}
    const content = [{type: 'other' as const, value}]
    expect(toTool('p', {toolCallId: 't', title: undefined, ...noFields, content}).content).toEqual([value])
  })
})

const noFields = {kind: undefined, status: undefined, content: undefined, locations: undefined, _meta: undefined}

describe('toSettings', () => {
  const models = {currentModelId: 'small', availableModels: [{modelId: 'small', name: 'Small', description: undefined}]}
  const commands = [{name: 'init', description: 'x'.repeat(500), input: undefined}]

  test('takes the model from a list of models', () => {
    expect(toSettings({models}).model).toEqual({current: 'small', choices: [{id: 'small', name: 'Small'}]})
  })

  test('takes the model from an option, of groups, too', () => {
    const choice = {value: 'large', name: 'Large', description: undefined}
    const option = {id: 'm', name: 'Model', type: 'select', category: 'model', description: undefined}
    const options = [{group: 'g', name: 'G', options: [choice]}]
    expect(toSettings({options: [{...option, currentValue: 'large', options}]})).toEqual({
      model: {current: 'large', choices: [{id: 'large', name: 'Large'}]},
    })
  })

  test('leaves out commands that are too long', () => {
    expect(toSettings({models, commands}, 300)).toEqual(toSettings({models}))
  })
})
