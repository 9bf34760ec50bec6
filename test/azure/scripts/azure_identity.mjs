/** @azure/identity: one credential, made as an application makes it, asked for tokens. */
import {
  AuthorizationCodeCredential,
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  DeviceCodeCredential,
  EnvironmentCredential,
  ManagedIdentityCredential,
  OnBehalfOfCredential,
  UsernamePasswordCredential,
  WorkloadIdentityCredential,
} from '@azure/identity'
import { withoutDelay } from './delays.mjs'

const CREDENTIALS = {
  AuthorizationCodeCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  EnvironmentCredential,
  ManagedIdentityCredential,
  OnBehalfOfCredential,
  UsernamePasswordCredential,
  WorkloadIdentityCredential,
}

/** What is a function for the library is a question to the test. */
const OF_CALLBACKS = {
  ClientAssertionCredential: ({ args: [tenant, client], options }, { ask }) =>
    new ClientAssertionCredential(tenant, client, () => ask('assertion'), options),
  DeviceCodeCredential: ({ options }, { seen }) =>
    new DeviceCodeCredential({
      ...options,
      userPromptCallback: (info) => void Object.assign(seen, info),
    }),
}

function make({ credential, args = [], options }, at) {
  const special = OF_CALLBACKS[credential]
  if (special !== undefined) return special({ args, options }, at)
  return new CREDENTIALS[credential](...args, ...(options === undefined ? [] : [options]))
}

/** Asks for a token of each scope, one after the other. */
export async function getTokens({ scopes, ...given }, ask) {
  const seen = {}
  const credential = make(given, { ask, seen })
  const tokens = []
  const act = async () => {
    for (const scope of scopes) tokens.push(await credential.getToken(scope))
  }
  await withoutDelay(act, () => ask('pending', seen))
  return tokens
}

/** Each credential by itself: its token, or what went wrong. */
export async function each({ credentials, ...shared }, ask) {
  const outcomes = []
  for (const given of credentials) {
    try {
      const [token] = await getTokens({ ...shared, ...given }, ask)
      outcomes.push(token)
    } catch (error) {
      outcomes.push({ error: { ...error, name: error.name, message: error.message } })
    }
  }
  return outcomes
}
