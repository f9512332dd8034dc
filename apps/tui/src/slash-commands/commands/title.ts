import type {SlashCommand} from '../slash-command.ts'

export const title: SlashCommand = {
  name: '/title',
  description: 'renames the session',
  argument: 'TITLE',
  async run({client, opened}, text) {
    await client.request('session.title', {session_id: (await opened()).id, title: toTitle(text)})
  },
}

/** The protocol refuses longer titles, UTF-16 units; the host keeps the first 80 characters. */
const maxLength = 200

/** Cuts a text to the length of a title. */
export function toTitle(text: string): string {
  return text.slice(0, maxLength)
}
