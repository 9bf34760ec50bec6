import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Authority } from './authority.ts'

export interface CaFile {
  readonly path: string
  /** One that is kept stays. */
  remove(): Promise<void>
}

/** A file with the certificate of a CA, for those who take no other form of it. */
export async function caFile({ cert, file }: Pick<Authority, 'cert' | 'file'>): Promise<CaFile> {
  if (file !== undefined) return { path: file, remove: async () => undefined }
  const directory = await mkdtemp(join(tmpdir(), 'idp-double-ca-'))
  const path = join(directory, 'ca.pem')
  await writeFile(path, cert)
  return { path, remove: () => rm(directory, { recursive: true, force: true }) }
}
