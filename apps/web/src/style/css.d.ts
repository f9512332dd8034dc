/** Vite makes a style sheet of each such import. */
declare module '*.css'
