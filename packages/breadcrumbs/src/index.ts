export type {Breadcrumb, Fact} from './breadcrumb.ts'
export {createBreadcrumbs, noBreadcrumbs, type Breadcrumbs, type BreadcrumbsOptions} from './breadcrumbs.ts'
export {formatBreadcrumb} from './format-breadcrumb.ts'
export {parseBreadcrumb} from './parse-breadcrumb.ts'
