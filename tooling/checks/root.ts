import {join} from 'node:path'

/** The root of the checkout. */
export const ROOT = join(import.meta.dirname, '../..')
