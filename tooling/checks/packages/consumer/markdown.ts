import assert from 'node:assert/strict'

import {createMarkdownRenderer} from '@holdfast/markdown'

const renderer = createMarkdownRenderer({columns: 40, style: {keyword: (text) => text.toUpperCase()}})
renderer.add('# Title\n```ts\nconst a = 1\n```\n')
assert.deepEqual(renderer.takeLines(), ['# Title'])
await renderer.settled
renderer.end()
assert.deepEqual(renderer.takeLines(), ['  CONST a = 1'])
