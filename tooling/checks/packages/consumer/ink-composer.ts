import assert from 'node:assert/strict'

import {createComposer, createHistory} from '@holdfast/ink-composer'

const submitted: string[] = []
const history = createHistory(async () => ({entries: [], hasMore: false}))
const composer = createComposer({history, onSubmit: (text) => submitted.push(text)})
composer.paste('one\ntwo')
assert.equal(composer.view.draft.text, 'one\ntwo')
composer.press({kind: 'key', name: 'enter'})
assert.deepEqual(submitted, ['one\ntwo'])
