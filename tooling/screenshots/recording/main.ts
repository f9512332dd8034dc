/** Records the story of the tour in a real terminal, in docs/holdfast.cast. `asciinema play docs/holdfast.cast` plays it. */
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {formatAsciicast} from './asciicast.ts'
import {recordStory} from './story.ts'

/** Seconds. */
const longestPause = 2

writeFileSync(
  join(import.meta.dirname, '../../../docs/holdfast.cast'),
  formatAsciicast(await recordStory(), longestPause),
)
console.log('docs/holdfast.cast')
