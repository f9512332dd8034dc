/** Packs, lints, installs and uses all published packages; they must be built. Alone: npm test -- --only packages */
import {checkPackages} from './packages/check-packages.ts'
import {reportProblems} from './report-problems.ts'

const {problems, packages} = await checkPackages()
reportProblems(`${packages} packages`, problems)
