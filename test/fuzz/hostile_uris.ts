/** URIs that are nearly a registered one, or that a careless comparison takes for one, by the trick that each tries. */
import written from '../../fixtures/hostile/redirect_uris.json' with { type: 'json' }

/** What clients registered: nothing of the corpus is one of these, nor one of them with another loopback port. */
export const REGISTERED = {
  web: ['https://rp.test/callback', 'https://rp.test/cb?bar=foo', 'https://rp.test:8443/a/b'],
  desktop: [
    'http://127.0.0.1:3000/callback',
    'http://[::1]:3000/callback',
    'http://localhost:3000/callback?x=1',
  ],
  mobile: ['com.example.app:/callback', 'com.example.app://callback', 'https://app.rp.test/callback'],
}

/** Characters that parsers drop, fold or take for an end. */
const ODD = [...'\t\n\r\0 \u00a0\u200b\u2028\ufeff\u00ad\u3000\x7f\x0b', '\r\n']

/** Where one of them may stand. */
const PLACES: Readonly<Record<string, readonly [before: string, after: string]>> = {
  'at the start': ['', 'https://rp.test/callback'],
  'at the end': ['https://rp.test/callback', ''],
  'in the scheme': ['htt', 'ps://rp.test/callback'],
  'in the host': ['https://rp', '.test/callback'],
  'after the host': ['https://rp.test', '.evil.test/callback'],
  'in a loopback URI': ['http://127.0.0.1:3000', '/callback'],
}

const withOdd = Object.entries(PLACES).map(
  ([place, [before, after]]) =>
    [`a character that is dropped, ${place}`, ODD.map((each) => `${before}${each}${after}`)] as const,
)

export const CORPUS: readonly (readonly [trick: string, uris: readonly string[]])[] = [
  ...Object.entries(written),
  ...withOdd,
]
