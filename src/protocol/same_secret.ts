import { hash, timingSafeEqual } from 'node:crypto'

/** Whether two secrets are the same, told in a time that says nothing about them. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'))
}
