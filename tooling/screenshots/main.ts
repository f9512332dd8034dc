/**
 * Runs the scenes in the built app and draws what its terminal shows, or its page in Chromium, into docs/pictures. Arguments: names of scenes; without
 * any, all of them.
 *
 * Written by hand: VHS needs ffmpeg and a terminal server, and records raster images. These pictures are text that changes
 * only with the app, and they follow the reader's light or dark colours.
 */
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

import {drawSvg} from '@holdfast/picture'

import {size} from './demo.ts'
import {drivenScenes} from './driven-scenes.ts'
import {drawPageScenes, pageScenes} from './page-scenes.ts'
import {scenes} from './scenes.ts'
import {lightColors, toShot} from './screenshot.ts'

const folder = join(import.meta.dirname, '../../docs/pictures')
const all = [...Object.keys(scenes), ...Object.keys(drivenScenes), ...Object.keys(pageScenes)]
const names = process.argv.length > 2 ? process.argv.slice(2) : all
const unknown = names.find((name) => !all.includes(name))
if (unknown !== undefined) {
  console.error(`there is no scene \`${unknown}\`: choose from ${all.join(', ')}`)
  process.exit(2)
}

mkdirSync(folder, {recursive: true})
const pages = names.filter((name) => Object.hasOwn(pageScenes, name))
for (const name of names) {
  if (pages.includes(name)) continue
  writeFileSync(join(folder, `${name}.svg`), await draw(name))
  console.log(`docs/pictures/${name}.svg`)
}
if (pages.length > 0) {
  for await (const {name, png} of drawPageScenes(pages)) {
    writeFileSync(join(folder, `${name}.png`), png)
    console.log(`docs/pictures/${name}.png`)
  }
}

async function draw(name: string): Promise<string> {
  const drawDriven = drivenScenes[name]
  if (drawDriven !== undefined) return await drawDriven()
  const {title, play} = scenes[name]!
  const shots = (await play()).map((screenshot) => toShot(screenshot, size.cols))
  return drawSvg(shots, {title, lightColors})
}
