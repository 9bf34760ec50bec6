/** The response modes. A new one is a file and a line here; discovery follows. */
export { formPost } from './form_post.ts'
export { fragment } from './fragment.ts'
export { query } from './query.ts'
