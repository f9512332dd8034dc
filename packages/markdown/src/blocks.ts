// Apart from the main entry, which draws for terminals: this runs in browsers, too.
export {createBlockReader, type BlockReader} from './blocks/block-reader.ts'
export type {Block, Placement} from './blocks/block.ts'
