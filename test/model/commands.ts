/** What people and clients do, each at once with the model and with the provider. */
import fc from 'fast-check'
import { agree } from './agreement.ts'
import { browserSteps } from './browser_steps.ts'
import type { Model } from './model.ts'
import type { Real } from './real.ts'
import { tokenSteps } from './token_steps.ts'

/** One thing that can be done. It happens where the model has what it needs. */
export interface Step {
  readonly words: string
  applies(model: Model): boolean
  run(model: Model, real: Real): Promise<void>
}

class Command implements fc.AsyncCommand<Model, Real> {
  readonly #step: Step

  constructor(step: Step) {
    this.#step = step
  }

  check(model: Readonly<Model>): boolean {
    return this.#step.applies(model as Model)
  }

  async run(model: Model, real: Real): Promise<void> {
    await this.#step.run(model, real)
    await agree(model, real)
  }

  toString(): string {
    return this.#step.words
  }
}

/** How long the clock is moved: up to each deadline, seldom beyond all of them. */
const ADVANCES: Readonly<Record<string, { readonly seconds: number; readonly weight: number }>> = {
  '30s': { seconds: 30, weight: 6 },
  '60s': { seconds: 60, weight: 3 },
  '10m': { seconds: 600, weight: 3 },
  '1h': { seconds: 3600, weight: 3 },
  '8h': { seconds: 8 * 3600, weight: 2 },
  '14d': { seconds: 14 * 86_400, weight: 1 },
  '15d': { seconds: 15 * 86_400, weight: 1 },
}

const advance = fc
  .oneof(
    ...Object.entries(ADVANCES).map(([words, { seconds, weight }]) => ({
      weight,
      arbitrary: fc.constant({ words, seconds }),
    })),
  )
  .map(
    ({ words, seconds }): Step => ({
      words: `the clock advances by ${words}`,
      applies: () => true,
      async run(model, real) {
        model.now += seconds
        real.clock.advance(seconds)
      },
    }),
  )

/** Steps of every kind; those that lead on come more often, or nothing would ever be redeemed. */
export const commands = fc.commands(
  [...browserSteps, ...tokenSteps, advance].map((step) => step.map((each) => new Command(each))),
  { maxCommands: 40, size: 'max' },
)
