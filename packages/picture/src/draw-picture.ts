import {drawPng} from './draw-png.ts'
import {drawSvg} from './draw-svg.ts'
import type {Theme} from './paint.ts'
import type {PictureScreen} from './screen.ts'

export interface PictureOptions {
  /** @default 'png' */
  format?: 'png' | 'svg' | undefined
  /** @default 'dark' for a PNG; an SVG has the colours that its reader prefers */
  theme?: Theme | undefined
}

/** Draws one screen as the content of a file: see `drawPng` and `drawSvg`. */
export async function drawPicture(
  screen: PictureScreen & {title?: string},
  {format = 'png', theme}: PictureOptions = {},
): Promise<Buffer> {
  if (format === 'png') return await drawPng(screen, {theme})
  return Buffer.from(drawSvg([{screen}], {title: screen.title || 'The screen of a terminal', theme}))
}
