import type { Context } from '../context.ts'

/** Of 20^8 codes a hundred a minute find none: in ten minutes one in 25 million for each device that waits. */
const MOST = 100

const WINDOW = 60

/** Counts one more guess of a user code in this minute, by whomever: before it is looked at, for many may come at once. */
export async function countGuess({
  tenant,
}: Context): Promise<{ readonly most: number; readonly isTooMany: boolean }> {
  const { store, clock } = tenant
  const window = windowAt(clock.seconds())
  await store.add('user_code_guesses', window, 0, (Number(window) + 1) * WINDOW)
  const count = await store.update<number>('user_code_guesses', window, (guesses) => guesses + 1)
  return { most: MOST, isTooMany: (count ?? 0) > MOST }
}

/** Takes a guess back: the code was right. */
export async function forgetGuess({ tenant }: Context): Promise<void> {
  const { store, clock } = tenant
  await store.update<number>('user_code_guesses', windowAt(clock.seconds()), (guesses) => guesses - 1)
}

function windowAt(seconds: number): string {
  return String(Math.floor(seconds / WINDOW))
}
