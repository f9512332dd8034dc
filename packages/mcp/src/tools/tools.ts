import type {Tool} from '../tool.ts'
import {input, keys} from './input.ts'
import {open} from './open.ts'
import {read} from './read.ts'
import {run} from './run.ts'
import {screenshot, snapshot, wait} from './screen.ts'
import {close, search, sessions} from './sessions.ts'

/** In the order in which clients list them. */
export const tools: readonly Tool[] = [
  open,
  run,
  input,
  keys,
  wait,
  snapshot,
  screenshot,
  read,
  sessions,
  search,
  close,
]
