import {setFlagsFromString} from 'node:v8'

/**
 * A flood leaves much garbage and keeps nothing: the part of the heap that is for what is new stays as small as it is. Else V8
 * would let it grow by 100 MiB, for a tenth less work.
 */
export function collectSooner(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
