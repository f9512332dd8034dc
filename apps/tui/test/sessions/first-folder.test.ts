import {expect, test} from 'vitest'

import {firstFolderOf} from '../../src/sessions/first-folder.ts'

test.each([
  ['/srv/web/', '/srv/web', '/srv/web'],
  ['/', '/', '/'],
  ['~', '/home/ada', '~'],
  ['~/', '/home/ada', '~'],
  ['~/src', '/home/ada/src', '~/src'],
  ['../api', '/srv/api', '/srv/api'],
  ['~ada', '/srv/web/~ada', '/srv/web/~ada'],
])('`%s` is %s here, and %s on another machine', (text, here, there) => {
  expect(firstFolderOf(text, '/srv/web', {isLocal: true, home: '/home/ada'})).toBe(here)
  expect(firstFolderOf(text, '/srv/web', {isLocal: false, home: '/home/ada'})).toBe(there)
})

test('a relative folder needs a base', () => {
  expect(firstFolderOf('src', undefined, {isLocal: false})).toBeUndefined()
  expect(firstFolderOf('/src', undefined, {isLocal: false})).toBe('/src')
})
