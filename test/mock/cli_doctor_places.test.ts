import { describe, expect, it } from 'vitest'
import { certificate } from '../../src/commands/diagnosis/certificate.ts'
import type { Seen } from '../../src/commands/diagnosis/check.ts'
import { clocks } from '../../src/commands/diagnosis/clocks.ts'
import { connection } from '../../src/commands/diagnosis/connection.ts'
import { hostName } from '../../src/commands/diagnosis/host_name.ts'

/** What no test on one machine can bring about: other networks, other times. */
const seen = (issuer: string, more: Partial<Seen> = {}): Seen => ({
  given: issuer,
  issuer,
  url: new URL(issuer),
  endpoints: new Map(),
  ...more,
})

const AT = Date.UTC(2026, 0, 1)

const answered = (issuer: string, more: object = {}) => ({
  discovery: { url: issuer, status: 200, headers: {}, text: '{}', ms: 5, at: AT, ...more },
})

describe('idp-double doctor, of places that are far away', () => {
  it.each([
    ['ENOTFOUND', 'the name idp is not known here', /^check the name: a service of docker compose/],
    ['EAI_AGAIN', 'the name idp is not known here', /^check the name/],
    ['EHOSTUNREACH', 'there is no way from here to idp, port 8443', /^start the provider/],
    ['ECONNRESET', 'idp, port 8443, ends the connection without an answer', /^start the provider/],
  ])('says what %s means', (code, text, change) => {
    const discovery = { url: 'https://idp:8443/.well-known/openid-configuration', code, message: '' }
    expect(connection.look(seen('https://idp:8443', { discovery }))).toEqual([
      { level: 'fail', text, change: expect.stringMatching(change) },
    ])
  })

  it('repeats what TLS says where that is no plain http', () => {
    const message =
      '0080:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../x.c:1605:SSL alert'
    const discovery = { url: 'https://idp/', code: 'EPROTO', message }
    expect(connection.look(seen('https://idp', { discovery }))[0]?.text).toBe(
      'TLS with idp, port 443, fails: tlsv13 alert certificate required',
    )
  })

  it('warns of an answer that takes long', () => {
    const url = 'https://idp.example.test'
    expect(connection.look(seen(url, answered(url, { ms: 4321.5 })))).toEqual([
      { level: 'warn', text: 'the answer took 4322 ms', change: undefined },
    ])
  })

  it.each([
    ['CERT_HAS_EXPIRED', /^its time has ended: until Jan 1 /],
    ['CERT_NOT_YET_VALID', /^its time has not begun, by the clock of this machine/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /^no CA that is trusted here issued it/],
  ])('knows a certificate with %s', (distrust, text) => {
    const validTo = 'Jan 1 00:00:00 2026 GMT'
    const found = { distrust, isForHost: true, names: ['idp.example.test'], validTo }
    const url = 'https://idp.example.test'
    expect(certificate.look(seen(url, answered(url, { certificate: found })))).toEqual([
      { level: 'fail', text: expect.stringMatching(text), change: expect.any(String) },
    ])
  })

  it.each([
    [0, 'ok'],
    [4, 'ok'],
    [30, 'warn'],
    [-30, 'warn'],
    [90, 'fail'],
  ])('compares clocks: %i s apart is %s', (seconds, level) => {
    const url = 'https://idp.example.test'
    const date = new Date(AT + seconds * 1000).toUTCString()
    expect(clocks.look(seen(url, answered(url, { headers: { date } })))[0]?.level).toBe(level)
  })

  it.each([
    ['http://localhost:8080', 'info', 'the container itself'],
    ['http://[::1]:8080', 'info', 'the container itself'],
    ['http://0.0.0.0:8080', 'warn', 'an address to listen on'],
    ['http://idp.localhost:8080', 'warn', 'whatever DNS says'],
    ['http://host.docker.internal:8080', 'info', 'an entry in hosts'],
  ])('knows who finds %s', (issuer, level, text) => {
    expect(hostName.look(seen(issuer))).toEqual([
      expect.objectContaining({ level, text: expect.stringContaining(text) }),
    ])
    expect(hostName.look(seen('http://idp:8080'))).toEqual([])
  })
})
