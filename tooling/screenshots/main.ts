/** Plays the scenes in the built app and draws what was on its screen into docs/pictures. Arguments: names of scenes; none for all. */
import {mkdirSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {drawSvg} from './draw-svg.ts'
import {SCENES} from './scenes.ts'
import {size} from './stage.ts'

const folder = fileURLToPath(new URL('../../docs/pictures', import.meta.url))
const all = Object.keys(SCENES)
const names = process.argv.length > 2 ? process.argv.slice(2) : all
const unknown = names.find((name) => !all.includes(name))
if (unknown !== undefined) {
  console.error(`Expected a name of ${all.join(', ')}, got \`${unknown}\``)
  process.exit(2)
}

mkdirSync(folder, {recursive: true})
for (const name of names) {
  const {title, play} = SCENES[name]!
  writeFileSync(`${folder}/${name}.svg`, drawSvg(await play(), {title, cols: size.cols}))
  console.log(`docs/pictures/${name}.svg`)
}
