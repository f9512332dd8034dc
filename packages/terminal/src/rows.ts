// Apart from the main entry: the emoji pattern of `string-width` takes 10 ms or more to load.
export {firstRows, wrapRows, type WrapOptions} from './plain/wrap-rows.ts'
