/**
 * Records the story of the tour in a real terminal, in docs/holdfast.cast, and lets a scripted coding agent record Holdfast's own
 * screen, in docs/agent.cast and docs/pictures/driven-holdfast.svg. `asciinema play docs/holdfast.cast` plays a recording.
 */
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {formatCastEvent, formatCastHeader} from '../../../apps/tui/src/export/asciicast.ts'
import {agentPicture, recordAgentStory} from './agent-story.ts'
import {recordStory} from './story.ts'

const {events, ...header} = await recordStory()
write('holdfast.cast', [formatCastHeader(header), ...events.map(formatCastEvent)].join(''))
const {picture, cast} = await recordAgentStory()
write(`pictures/${agentPicture}.svg`, picture)
write('agent.cast', cast)

function write(name: string, text: string): void {
  writeFileSync(join(import.meta.dirname, '../../../docs', name), text)
  console.log(`docs/${name}`)
}
