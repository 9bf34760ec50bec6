/** Signing keys, and how they are replaced. */
import * as v from 'valibot'
import { described, strict } from '../config/strict.ts'
import { signingAlgs } from '../keys/algorithms.ts'
import { kidOf, publicJwk } from '../keys/jwks.ts'
import { type KeyEntry, type KeySet, usualAlg } from '../keys/keys.ts'
import {
  freshKey,
  isSameKey,
  rotationSteps,
  taken,
  withKey,
  withoutKey,
  withStatus,
} from '../keys/rotation.ts'
import { oneOf } from '../protocol/errors.ts'
import type { Json } from '../protocol/json.ts'
import type { Resident } from '../world/resident.ts'
import { type Answered, call, type Desk, type Noun } from './call.ts'
import { assertStillSigns, wantedAlgs } from './lost_algs.ts'
import { because, Problem } from './problem.ts'

const status = () =>
  described(
    v.picklist(['active', 'published', 'hidden']),
    'active signs and is in the JWKS, published is only there, hidden is not; all of them verify.',
  )
const KEY = { kid: v.string(), alg: v.string(), status: status() }
const keyInfo = () => strict(KEY)
const keyInfos = () => strict({ items: v.array(keyInfo()) })

const rotation = () =>
  strict({
    alg: described(v.optional(v.picklist(signingAlgs)), 'Default: RS256, or what is there instead.'),
    step: described(
      v.optional(v.picklist(rotationSteps)),
      'publish adds a key that does not sign yet, activate lets the newest published one sign, retire takes older ones out of the JWKS, withdraw forgets what is hidden. Without one a new key signs and the old one stays published.',
    ),
  })

/** @see https://www.rfc-editor.org/rfc/rfc9111.html#section-5.2 */
const DIRECTIVE = String.raw`[!#$%&'*+.^_\x60|~0-9A-Za-z-]+(=([!#$%&'*+.^_\x60|~0-9A-Za-z-]+|"[^"\\\x00-\x1f\x7f-\uffff]*"))?`
const CACHE_CONTROL = new RegExp(`^(?=.{1,200}$)${DIRECTIVE}(, *${DIRECTIVE})*$`)

const caching = () =>
  strict({
    cache_control: described(
      v.nullable(v.pipe(v.string(), v.regex(CACHE_CONTROL, 'Cache-Control directives such as max-age=3600'))),
      'The Cache-Control header of the JWKS; null: the usual one, no-cache with an ETag.',
    ),
  })

export const keys: Noun = {
  name: 'keys',
  summary: 'Signing keys and their rotation',
  calls: [
    {
      method: 'GET',
      path: '/keys',
      summary: 'The signing keys of the tenant, those that sign before older ones of the same algorithm.',
      gives: keyInfos,
      answer: (_asked, { resident }) => listed(resident),
    },
    {
      method: 'GET',
      path: '/keys/{kid}',
      summary: 'One key, with its public half as a JWK.',
      gives: () => strict({ ...KEY, jwk: v.record(v.string(), v.any()) }),
      async answer({ named: { kid = '' } }, { resident }) {
        const entry = await entryOf(kid, resident)
        const jwk = await publicJwk(await entry.get(), resident.tenant.dialect.keys)
        return { json: { kid, alg: entry.alg, status: entry.status, jwk: jwk as unknown as Json } }
      },
    },
    call({
      method: 'POST',
      path: '/keys/rotate',
      summary: 'Replaces a key, all at once or step by step; gives the keys as they are then.',
      body: rotation,
      bodyOptional: true,
      gives: keyInfos,
      async answer({ body: { alg, step } }, { resident }) {
        const of = alg ?? usualAlg(resident.declared.keys)
        const fresh = step === undefined || step === 'publish' ? freshKey(of) : undefined
        // Made before it is in any set: nobody waits for it, and two rotations at once are two steps.
        await fresh?.get()
        changeKeys(resident, (now) => rotated(now, { alg: of, step, fresh }))
        return listed(resident)
      },
    }),
    call({
      method: 'PATCH',
      path: '/keys/{kid}',
      summary:
        'Gives a key another status; where one becomes active, the one that signed before is published.',
      body: () => strict({ status: status() }),
      gives: keyInfo,
      async answer({ named: { kid = '' }, body }, desk) {
        const entry = await entryOf(kid, desk.resident)
        await changeKey(entry, desk, (now) => withStatus(now, entry, body.status))
        return { json: { kid, alg: entry.alg, status: body.status } }
      },
    }),
    {
      method: 'DELETE',
      path: '/keys/{kid}',
      summary: 'Forgets a key: what it signed is worth nothing any more.',
      async answer({ named: { kid = '' } }, desk) {
        const entry = await entryOf(kid, desk.resident)
        await changeKey(entry, desk, (now) => withoutKey(now, entry))
        return { status: 204 }
      },
    },
    call({
      method: 'PATCH',
      path: '/keys',
      summary: 'Sets for how long clients may keep the JWKS.',
      body: caching,
      answer({ body: { cache_control } }, { resident }) {
        resident.change((declared) => ({ ...declared, jwksCacheControl: cache_control ?? undefined }))
        return { status: 204 }
      },
    }),
  ],
}

interface Rotating {
  readonly alg: string
  readonly step: v.InferOutput<ReturnType<typeof rotation>>['step']
  readonly fresh: KeyEntry | undefined
}

function rotated(now: KeySet, { alg, step, fresh }: Rotating): KeySet {
  const published = fresh === undefined ? now : withKey(now, fresh)
  if (step === 'publish') return published
  return taken(step ?? 'activate', published, alg)
}

/** Changes a key that is there, unless nothing would sign any more what somebody needs signed. */
async function changeKey(
  entry: KeyEntry,
  { resident }: Pick<Desk, 'resident'>,
  make: (now: KeySet) => KeySet,
): Promise<void> {
  const wanted = await wantedAlgs(resident)
  changeKeys(resident, (now) => {
    if (!now.entries.some((each) => isSameKey(each, entry)))
      throw new Problem(404, 'the key was taken out meanwhile')
    const next = make(now)
    assertStillSigns({ now, next }, wanted)
    return next
  })
}

/** The keys that all tenants share stay as they are: the tenant has a set of its own from now on. */
function changeKeys(resident: Resident, make: (now: KeySet) => KeySet): void {
  try {
    resident.change((declared) => ({ ...declared, keys: make(declared.keys) }))
  } catch (cause) {
    if (cause instanceof RangeError) throw because(cause, 409, cause.message)
    throw cause
  }
}

/** Each key with the `kid` that the dialect shows; one that was never needed is made for it. */
function known({ declared, tenant }: Resident) {
  return Promise.all(
    declared.keys.entries.map(async (entry) => ({
      entry,
      kid: await kidOf(await entry.get(), tenant.dialect.keys),
    })),
  )
}

async function listed(resident: Resident): Promise<Answered> {
  const items = (await known(resident)).map(({ kid, entry: { alg, status } }) => ({ kid, alg, status }))
  return { json: { items } }
}

async function entryOf(kid: string, resident: Resident): Promise<KeyEntry> {
  const all = await known(resident)
  const found = all.find((each) => each.kid === kid)
  if (found !== undefined) return found.entry
  throw new Problem(404, `there is no key ${kid}; there are ${oneOf(all.map((each) => each.kid))}`)
}
