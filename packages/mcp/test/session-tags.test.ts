import type {Client} from '@holdfast/client'
import {expect, test} from 'vitest'

import {createTagReader} from '../src/session-tags.ts'

/** A gateway with one session, whose log has these events; `asked`: after which events it was asked for more. */
function gatewayWith(tags: readonly (readonly string[] | undefined)[]) {
  const log = {tags, asked: [] as (number | undefined)[]}
  const request = async (_method: string, {after_seq}: {after_seq?: number}) => {
    log.asked.push(after_seq)
    const all = log.tags.map((each, index) => ({
      type: 'session.info',
      session_id: '0123456789',
      seq: index + 1,
      at: 0,
      payload: {title: 't', agent: 'shell', cwd: '/', created_at: 0, ...(each && {tags: each})},
    }))
    // A page of one event.
    return {
      events: after_seq === undefined ? all.slice(-1) : all.slice(after_seq, after_seq + 1),
      latest_seq: all.length,
    }
  }
  return {log, tagsOf: createTagReader({request} as unknown as Pick<Client, 'request'>)}
}

test('tags are those of the last event, and no event is read twice', async () => {
  const {log, tagsOf} = gatewayWith([undefined, ['mcp']])
  expect(await tagsOf('0123456789')).toEqual(['mcp'])
  expect(await tagsOf('0123456789')).toEqual(['mcp'])
  log.tags = [undefined, ['mcp'], ['mcp', 'web'], undefined]
  expect(await tagsOf('0123456789')).toBeUndefined()
  expect(log.asked).toEqual([undefined, 2, 2, 3, 4])
})

test('a session that was deleted and created again has its own tags', async () => {
  const {log, tagsOf} = gatewayWith([['mcp'], ['mcp']])
  expect(await tagsOf('0123456789')).toEqual(['mcp'])
  log.tags = [['web']]
  expect(await tagsOf('0123456789')).toEqual(['web'])
})
