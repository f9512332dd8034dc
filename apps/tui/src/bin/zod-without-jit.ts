import {config} from 'zod/mini'

// To compile a schema takes longer than most processes spend on parsing with it. Applies to schemas that are made later.
config({jitless: true})
