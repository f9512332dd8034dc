import {config} from 'zod/mini'

// Before any schema is made: to compile one takes longer than most processes spend on parsing with it.
config({jitless: true})
