import type {Paint} from '../theme/paint.ts'

/** Where a block is drawn. */
export interface Canvas {
  /** The width of the terminal, cells. */
  columns: number
  paint: Paint
  /** The key that prints what a block leaves out; `undefined`: no key does. */
  expandKey?: string | undefined
  /** How a folder is shown. @default whole */
  showFolder?: ((folder: string) => string) | undefined
}
