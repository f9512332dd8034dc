import {loadYoga, type Yoga} from 'yoga-layout/load'

let engine: Yoga

/**
 * The build gives this module to Ink in place of `yoga-layout`.
 * @public
 */
// oxlint-disable-next-line import/no-default-export -- Ink imports the default
export {engine as default}

/** Loads Ink's layout engine, which is WebAssembly. Call it before Ink is imported. */
export async function loadLayoutEngine(): Promise<void> {
  engine = await loadYoga()
}
