import {detach} from './detach.ts'
import {logs} from './logs.ts'
import {queue} from './queue.ts'
import {quit} from './quit.ts'
import {restart} from './restart.ts'
import type {Word} from './word.ts'

/** The words that there are, in the order in which they are shown. */
export const words: readonly Word[] = [queue, detach, quit, restart, logs]
