import {config} from 'zod/mini'

// Compiling a schema takes longer than most processes spend on parsing with it. Applies to schemas created later.
config({jitless: true})
