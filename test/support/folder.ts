/** Folders of a test file: gone when it is done. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let folders: string[] = []

/** A new folder with these files. */
export function folder(files: Readonly<Record<string, string>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'idp-double-test-'))
  folders.push(path)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  return path
}

/** The name of a new file with this text. */
export function fileWith(name: string, text: string): string {
  return join(folder({ [name]: text }), name)
}

/** For the end of each test file. */
export function removeFolders(): void {
  const made = folders
  folders = []
  for (const path of made) rmSync(path, { recursive: true, force: true })
}
