/** The sources of the product as text, for tests that look at how they are written. */
import fs from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')

/** The text of a file of the project. */
export const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8')

/** Source without comments, so that prose may say `Date.now`. */
function code(file: string): string {
  return read(file).replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
}

export const files = fs
  .readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/${name.replaceAll('\\', '/')}`)
export const sources = new Map(files.map((file) => [file, code(file)]))
