export {createMarkdownRenderer, type MarkdownOptions, type MarkdownRenderer} from './markdown-renderer.ts'
export type {CodePart, MarkdownStyle, Style} from './style.ts'
