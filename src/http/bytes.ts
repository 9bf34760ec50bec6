import type { IncomingMessage } from 'node:http'

/** How much is read, and how it is refused that there is more, or less than there should be. */
export interface Reading {
  readonly most: number
  tooLarge(): Error
  broken(): Error
}

/** The whole body of a message, which is not kept beyond the limit. */
export function bytesOf(message: IncomingMessage, { most, tooLarge, broken }: Reading): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    message.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= most) chunks.push(chunk)
      else reject(tooLarge())
    })
    message.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
    message.on('error', reject)
    message.on('aborted', () => reject(broken()))
  })
}
