import {globSync, readFileSync} from 'node:fs'
import {basename, join} from 'node:path'

import {expect, test} from 'vitest'

import {SCENES} from '../scenes.ts'

const root = join(import.meta.dirname, '../../..')
const scenes = Object.keys(SCENES).sort()

test('each scene has its picture, and each picture its scene', () => {
  const pictures = globSync('docs/pictures/*', {cwd: root}).map((file) => basename(file))
  expect(pictures.sort()).toEqual(scenes.map((name) => `${name}.svg`))
})

test('each picture is shown in the docs', () => {
  const pages = globSync(['README.md', 'docs/*.md'], {cwd: root}).map((file) => readFileSync(join(root, file), 'utf8'))
  const shown = pages.flatMap((page) => [...page.matchAll(/!\[[^\]]+\]\([^)]*pictures\/([\w-]+)\.svg\)/g)])
  expect([...new Set(shown.map(([, name = '']) => name))].toSorted((a, b) => a.localeCompare(b))).toEqual(scenes)
})
