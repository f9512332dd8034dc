import {maxCells, maxColumns} from '@holdfast/protocol'
import type {Size} from '@holdfast/shell'

/** The size of a terminal as a program gets it. The host keeps every cell in memory, so a larger one is used in part. */
export function boundSize({cols, rows}: Size): Size {
  const bounded = Math.min(cols, maxColumns)
  return {cols: bounded, rows: Math.min(rows, Math.floor(maxCells / bounded))}
}
