import {globSync, readFileSync} from 'node:fs'
import {basename, join} from 'node:path'

import {expect, test} from 'vitest'

import {drivenScenes} from '../driven-scenes.ts'
import {pageScenes} from '../page-scenes.ts'
import {agentPicture} from '../recording/agent-story.ts'
import {scenes} from '../scenes.ts'

const root = join(import.meta.dirname, '../../..')
const names = [
  ...[...Object.keys(scenes), ...Object.keys(drivenScenes), agentPicture].map((name) => `${name}.svg`),
  ...Object.keys(pageScenes).map((name) => `${name}.png`),
].sort()

test('every scene has a picture, and every picture a scene', () => {
  const pictures = globSync('docs/pictures/*', {cwd: root}).map((file) => basename(file))
  expect(pictures.sort()).toEqual(names)
})

test('the docs show every picture', () => {
  const pages = globSync(['README.md', 'docs/*.md'], {cwd: root}).map((file) => readFileSync(join(root, file), 'utf8'))
  const shown = pages.flatMap((page) => [...page.matchAll(/!\[[^\]]+\]\([^)]*pictures\/([\w-]+\.(?:svg|png))\)/g)])
  expect([...new Set(shown.map(([, name = '']) => name))].toSorted()).toEqual(names)
})
