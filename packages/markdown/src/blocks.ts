// Apart from the main entry, which draws for terminals: this runs in browsers, too.
export {createBlockReader, type BlockReader} from './blocks/block-reader.ts'
export type {Block, Placement} from './blocks/block.ts'
export {claimsAddress, linkTarget} from './draw/link.ts'
export {plainText} from './draw/plain-text.ts'
