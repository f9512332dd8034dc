import type {PerMessageDeflateOptions} from 'ws'

/** How `ws` compresses, by the names of the contenders. */
export const compressions: Readonly<Record<string, PerMessageDeflateOptions | false>> = {
  'bare ws': false,
  deflate: {},
}
