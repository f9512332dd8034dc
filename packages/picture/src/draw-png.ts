import {fileURLToPath} from 'node:url'

import {encodePng} from './encode-png.ts'
import {paintOf, type Theme} from './paint.ts'
import {expectDrawable, type PictureScreen} from './screen.ts'
import {cell, drawFrame, drawRow, frameRows, windowSize} from './window.ts'

export interface PngOptions {
  /** @default 'dark' */
  theme?: Theme | undefined
  /** A larger picture is drawn smaller. @default 16,000,000 */
  maxPixels?: number | undefined
}

/** No rasteriser could be loaded: there is none for this platform, or its files are gone. */
export class RasteriserMissingError extends Error {
  override readonly name = 'RasteriserMissingError'
}

/** Pixels of a PNG for one of the picture. */
const sharpness = 2
/** Cells that are rasterised at a time. Each may take 10 KB. */
const maxBandCells = 10_000

const fontFiles = ['DejaVuSansMono', 'DejaVuSansMono-Bold', 'DejaVuSansMono-Oblique', 'DejaVuSans'].map((name) =>
  fileURLToPath(new URL(`../fonts/${name}.ttf`, import.meta.url)),
)
const fontFamily = 'DejaVu Sans Mono'
/** Characters that these fonts have. For others, the fonts of the system are looked through, which takes time. */
const included = /^[\n\u0020-\u017f\u2010-\u2027\u2190-\u21ff\u2500-\u25ff\u2800-\u28ff]*$/

/**
 * Draws a screen as a PNG of two pixels for each of the SVG, off the main thread, in bands of rows, so that the memory is bounded. Loads the
 * rasteriser when it is first needed. Rejects with a `RasteriserMissingError` where there is none, and with a `RangeError` for a screen of more
 * than 1000 columns or 160,000 cells.
 */
export async function drawPng(
  screen: PictureScreen,
  {theme = 'dark', maxPixels = 16_000_000}: PngOptions = {},
): Promise<Buffer> {
  expectDrawable(screen)
  const {renderAsync} = await loadRasteriser()
  const paint = paintOf(theme)
  const {width, height} = windowSize(screen)
  const scale = Math.min(sharpness, Math.sqrt(maxPixels / (width * height)))
  // A whole number: bands have no seams.
  const rowPixels = Math.max(1, Math.floor(scale * cell.height))
  const pixelWidth = Math.max(1, Math.floor((width * rowPixels) / cell.height))
  const totalRows = Math.round(height / cell.height)
  const bandRows = Math.max(1, Math.floor(maxBandCells / screen.cols))

  /** Rows of the window, from 0 at the top of its frame. */
  const drawBand = async (from: number, to: number): Promise<Uint8Array> => {
    const rows: string[] = []
    for (let row = from - frameRows.above; row < to - frameRows.above; row++) {
      if (row >= 0 && row < screen.rows) rows.push(drawRow(screen, row, 0, paint))
    }
    const markup = [drawFrame(screen, 0, paint), ...rows].join('\n')
    const view = `viewBox="0 ${from * cell.height} ${width} ${(to - from) * cell.height}" preserveAspectRatio="none"`
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${pixelWidth}" height="${(to - from) * rowPixels}" ${view} xml:space="preserve"><g font-family="${fontFamily}" font-size="${cell.size}" fill="${paint.foreground}">${markup}</g></svg>`
    const image = await renderAsync(svg, {
      // Opaque, also in the corners.
      background: paint.background,
      font: {fontFiles, defaultFontFamily: fontFamily, loadSystemFonts: !rows.every((row) => included.test(row))},
    })
    return image.pixels
  }

  async function* bands(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < totalRows; from += bandRows)
      yield await drawBand(from, Math.min(totalRows, from + bandRows))
  }
  return await encodePng({width: pixelWidth, height: totalRows * rowPixels, bands: bands()})
}

async function loadRasteriser(): Promise<typeof import('@resvg/resvg-js')> {
  try {
    return await import('@resvg/resvg-js')
  } catch (cause) {
    throw new RasteriserMissingError(
      `no rasteriser for ${process.platform} ${process.arch} could be loaded: draw an SVG instead`,
      {cause},
    )
  }
}
