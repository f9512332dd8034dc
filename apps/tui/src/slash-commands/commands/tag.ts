import {formatTags} from '@holdfast/session-view'

import {readTag, tagSyntax} from '../../sessions/read-tag.ts'
import type {SlashCommand} from '../slash-command.ts'

export const tagCommand: SlashCommand = {
  name: '/tag',
  description: 'adds tags to the session; -NAME removes one; alone, shows them',
  argument: '[NAME…] [-NAME…]',
  async run({client, opened, model}, argument) {
    const changes = readTagChanges(argument)
    if ('why' in changes) return model.setNotice(changes.why)
    const session = await opened()
    const {tags} =
      argument === ''
        ? {tags: session.state.info.tags ?? []}
        : await client.request('session.tag', {session_id: session.id, ...changes})
    model.setNotice(tags.length === 0 ? 'This session has no tags: /tag NAME adds one' : `Tags: ${formatTags(tags)}`)
  },
}

/** `web #prod -old` as tags to add and to remove, or why it is wrong. Pure. */
export function readTagChanges(argument: string): {add: string[]; remove: string[]} | {why: string} {
  const changes = {add: [] as string[], remove: [] as string[]}
  for (const word of argument.split(/[\s,]+/).filter((each) => each !== '')) {
    const isRemoved = word.startsWith('-')
    const tag = readTag(isRemoved ? word.slice(1) : word)
    if (tag === undefined) return {why: `Expected ${tagSyntax}, got \`${word.slice(0, 40)}\``}
    changes[isRemoved ? 'remove' : 'add'].push(tag)
  }
  return changes
}
