import {createConversation} from '@holdfast/acp'
import {afterEach, describe, expect, test} from 'vitest'

import {closeAll, converseRudely, newFolder, node} from './fixtures/converse.ts'

afterEach(closeAll)

describe('an agent that writes', () => {
  test('garbage to stdout is understood, and of the garbage only the beginning is reported', async () => {
    const {conversation, of, said, seen} = converseRudely('garbage')
    expect((await conversation.prompt('go')).kind).toBe('complete')
    expect(said()).toBe('still here')
    expect(of('diagnostic').filter(({about}) => about === 'output').length).toBeGreaterThan(90)
    expect(of('diagnostic')).toHaveLength(100)
    await conversation.hibernate()
    expect((await seen('agent.exit')).unreported).toBeGreaterThan(400)
  })

  test('a line of 40 MB is understood after it, and the line is not kept', async () => {
    const {conversation, of, said} = converseRudely('long line')
    expect((await conversation.prompt('go')).kind).toBe('complete')
    expect(said()).toBe('still here')
    expect(of('diagnostic').map(({message}) => message)).toContainEqual(expect.stringContaining('over the limit'))
  })

  test('without a pause is read as fast as its messages are taken, in bounded memory', async () => {
    let [characters, mostBytes] = [0, 0]
    const before = process.memoryUsage.rss()
    const conversation = createConversation({
      agent: node('rude-agent', 'flood'),
      cwd: newFolder(),
      onEvent(event) {
        if (event.type !== 'message' || event.content.type !== 'text') return
        characters += event.content.text.length
        mostBytes = Math.max(mostBytes, process.memoryUsage.rss())
      },
    })
    expect((await conversation.prompt('go')).kind).toBe('complete')
    await conversation.close()
    expect(characters).toBe(200_000_000 + 'still here'.length)
    expect(mostBytes - before).toBeLessThan(100 * 1024 * 1024)
  })

  test('updates that make no sense is understood; what is only unknown is kept as it came', async () => {
    const {conversation, of} = converseRudely('wrong updates')
    expect((await conversation.prompt('go')).kind).toBe('complete')
    expect(of('other')).toMatchObject([{update: {sessionUpdate: 'from_the_future', wings: 2}}])
    expect(of('message')).toMatchObject([
      {content: {type: 'other', value: {type: 'hologram', of: 'a cat'}}},
      {content: {text: 'still here'}},
    ])
    expect(of('diagnostic').filter(({about}) => about === 'update')).toHaveLength(4)
    // The settings in the answer to `session/new`.
    expect(of('diagnostic').filter(({about}) => about === 'answer')).toHaveLength(2)
  })

  test('requests that make no sense gets errors', async () => {
    const {conversation, of} = converseRudely('wrong requests')
    expect((await conversation.prompt('go')).kind).toBe('complete')
    expect(of('question')).toEqual([])
    expect(of('diagnostic').filter(({about}) => about === 'request')).toHaveLength(3)
  })

  test('an answer that makes no sense ends the prompt', async () => {
    const {conversation, of} = converseRudely('wrong answer')
    expect(await conversation.prompt('go')).toEqual({kind: 'complete', stopReason: 'unknown'})
    expect(of('diagnostic')).toContainEqual(expect.objectContaining({about: 'answer'}))
  })
})
