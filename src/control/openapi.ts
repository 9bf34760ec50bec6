/** The calls as a document that programs read. @see https://spec.openapis.org/oas/v3.1.1.html */
import * as v from 'valibot'
import type { Json } from '../protocol/json.ts'
import type { Call, Noun } from './call.ts'

interface Document {
  readonly url: string
  readonly version: string
}

type ToSchema = (schema: v.GenericSchema) => Json

const TENANT = {
  name: 'tenant',
  in: 'query',
  description: 'Name of the tenant or id of the sandbox that the call is for; default: the first tenant.',
  schema: { type: 'string' },
}

/** The noun that describes all of them, itself too. */
export function described(nouns: readonly Noun[]): Noun {
  const all: Noun[] = [...nouns]
  const openapi: Noun = {
    name: 'openapi',
    summary: 'What there is',
    calls: [
      {
        method: 'GET',
        path: '/openapi.json',
        summary: 'This document.',
        forServer: true,
        gives: () => v.looseObject({ openapi: v.string() }),
        async answer(_asked, { place, base }) {
          const { toJsonSchema } = await import('@valibot/to-json-schema')
          const toSchema = (schema: v.GenericSchema) => {
            const { $schema: _, ...rest } = toJsonSchema(schema, {
              typeMode: 'input',
              errorMode: 'ignore',
            }) as Record<string, Json>
            return rest
          }
          return { json: document(all, toSchema, { url: base ?? place.url, version: place.version }) }
        },
      },
    ],
  }
  all.push(openapi)
  return openapi
}

function document(nouns: readonly Noun[], toSchema: ToSchema, { url, version }: Document): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const { name, calls } of nouns) {
    for (const call of calls) {
      const path = `/_mock${call.path}`
      paths[path] = { ...paths[path], [call.method.toLowerCase()]: operation(name, call, toSchema) }
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'IdP Double control API',
      version,
      description: 'How a test drives the provider. JSON in and out; errors are RFC 9457 problem details.',
    },
    // The paths are below it: a base path is no part of them.
    servers: [{ url }],
    // With a token, or without where none is set.
    security: [{ token: [] }, {}],
    tags: nouns.map(({ name, summary }) => ({ name, description: summary })),
    paths,
    components: {
      schemas: { Problem: PROBLEM },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Where control.token is set.' },
      },
    },
  }
}

function operation(noun: string, call: Call, toSchema: ToSchema): Json {
  const { method, path, summary, query = {}, body, bodyOptional, forServer } = call
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name: name as string,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const params = Object.entries(query).map(([name, { summary: description, example }]) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
    ...(example !== undefined && { example }),
  }))
  return {
    operationId: `${method.toLowerCase()}${path.replace(/[^A-Za-z]+(\w?)/g, (_, next: string) => next.toUpperCase())}`,
    tags: [noun],
    summary,
    parameters: [...named, ...(forServer === true ? [] : [TENANT]), ...params],
    ...(body !== undefined && {
      requestBody: {
        required: bodyOptional !== true,
        content: { 'application/json': { schema: toSchema(body()) } },
      },
    }),
    responses: {
      '2XX': { description: 'Done.', ...contentOf(call, toSchema) },
      default: {
        description: 'Refused.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function contentOf({ gives, type }: Call, toSchema: ToSchema): { readonly content?: Json } {
  if (gives !== undefined) return { content: { 'application/json': { schema: toSchema(gives()) } } }
  return type === undefined ? {} : { content: { [type]: { schema: { type: 'string' } } } }
}

const PROBLEM: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'detail'],
        properties: { path: { type: 'string' }, detail: { type: 'string' } },
      },
    },
  },
}
