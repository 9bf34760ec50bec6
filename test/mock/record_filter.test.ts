import { describe, expect, it } from 'vitest'
import { parseFilter, select } from '../../src/record/filter.ts'
import { form, type Happened, paramsOf, recorded } from '../support/recorded.ts'

const HAPPENED: readonly Happened[] = [
  {
    url: 'http://localhost/authorize?client_id=web&state=1',
    request: { method: 'GET', query: paramsOf({ client_id: 'web' }) },
    response: { status: 303, headers: { location: 'https://app.example/cb?code=c' } },
    exchange: { endpoint: 'authorization', client_id: 'web', user: 'alice' },
  },
  {
    url: 'http://localhost/authorize?client_id=web',
    request: { method: 'GET', query: paramsOf({ client_id: 'web' }) },
    response: { status: 303, headers: { location: 'https://app.example/cb#error=login_required' } },
    exchange: { endpoint: 'authorization', client_id: 'web' },
  },
  {
    request: { body: form({ client_id: 'web', grant_type: 'authorization_code' }) },
    exchange: { client_id: 'web', grant_type: 'authorization_code', user: 'alice' },
  },
  {
    request: { body: form({ client_id: 'wbe' }) },
    response: { status: 401 },
    exchange: { reason: 'client.unknown', description: 'no' },
  },
  {
    url: 'http://localhost/introspect',
    exchange: { endpoint: 'introspection', client_id: 'api', reason: 'token.expired' },
  },
  { url: 'http://localhost', request: { method: 'GET' }, exchange: { endpoint: 'discovery' } },
]

const ENTRIES = HAPPENED.map((happened, at) => recorded(happened, at + 1))

function found(query: Record<string, string>): number[] {
  return select(ENTRIES, parseFilter(query)).map(({ seq }) => seq)
}

describe('filters of the record', () => {
  it.each([
    [{}, [1, 2, 3, 4, 5, 6]],
    [{ endpoint: 'token' }, [3, 4]],
    [{ client: 'web' }, [1, 2, 3]],
    [{ user: 'alice' }, [1, 3]],
    [{ grant_type: 'authorization_code' }, [3]],
    [{ reason: 'client.unknown' }, [4]],
    [{ reason: 'client.*' }, [4]],
    [{ reason: 'client' }, []],
    [{ status: '303' }, [1, 2]],
    [{ method: 'get' }, [1, 2, 6]],
    [{ path: '/authorize' }, [1, 2]],
    [{ path: '/t*' }, [3, 4]],
    [{ path: '/' }, [6]],
    [{ after: '4' }, [5, 6]],
    [{ limit: '2' }, [5, 6]],
    [{ client: 'web', endpoint: 'authorization', limit: '1' }, [2]],
  ])('%o finds %o', (query, expected) => {
    expect(found(query)).toEqual(expected)
  })

  it('takes an error status, an error in a redirect and an answer with a reason for refused', () => {
    expect(found({ outcome: 'refused' })).toEqual([2, 4, 5])
    expect(found({ outcome: 'ok' })).toEqual([1, 3, 6])
  })

  it('finds a client that is not known by what it calls itself', () => {
    expect(found({ client: 'wbe' })).toEqual([4])
  })

  it.each([
    [{ colour: 'red' }, 'there is no filter colour, expected endpoint, client, user'],
    [{ constructor: 'x' }, 'there is no filter constructor'],
    [{ outcome: 'bad' }, 'outcome is bad, expected ok or refused'],
    [{ status: '4xx' }, 'status is 4xx, expected a whole number from 100 to 599'],
    [{ after: '-1' }, 'after is -1, expected a whole number from 0 to'],
    [{ limit: '0' }, 'limit is 0, expected a whole number from 1 to 1000'],
    [{ limit: '1e3' }, 'limit is 1e3, expected'],
  ])('%o is refused', (query, message) => {
    expect(() => parseFilter(query)).toThrow(TypeError)
    expect(() => parseFilter(query)).toThrow(message)
  })
})
