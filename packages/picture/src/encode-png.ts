import {buffer} from 'node:stream/consumers'
import {pipeline} from 'node:stream/promises'
import {crc32, createDeflate} from 'node:zlib'

export interface Pixels {
  width: number
  height: number
  /** Red, green, blue and alpha of each pixel, a byte each; whole rows from the top. */
  bands: AsyncIterable<Uint8Array>
}

/** Encodes a picture whose rows come in parts, so that the whole is never in memory. By https://www.w3.org/TR/png-3. */
export async function encodePng({width, height, bands}: Pixels): Promise<Buffer> {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // 8 bits, RGBA.
  header.set([8, 6], 8)
  const data = await pipeline(filterRows(bands, width * 4), createDeflate(), buffer)
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

const signature = Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1')

/** Each row begins with the number of its filter, here none: flat colours compress well without. */
async function* filterRows(bands: AsyncIterable<Uint8Array>, rowBytes: number): AsyncGenerator<Uint8Array> {
  for await (const band of bands) {
    const rows = band.length / rowBytes
    const filtered = new Uint8Array(rows * (rowBytes + 1))
    for (let row = 0; row < rows; row++)
      filtered.set(band.subarray(row * rowBytes, (row + 1) * rowBytes), row * (rowBytes + 1) + 1)
    yield filtered
  }
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
