/** The rules, by theme. A new one is a value in the file of its theme, and nothing else names it. */
import type { Rule } from '../rule.ts'
import * as assertion from './assertion.ts'
import * as caching from './caching.ts'
import * as code from './code.ts'
import * as codeVerifier from './code_verifier.ts'
import * as credentials from './credentials.ts'
import * as csrf from './csrf.ts'
import * as device from './device.ts'
import * as frontChannel from './front_channel.ts'
import * as logout from './logout.ts'
import * as nonce from './nonce.ts'
import * as pkce from './pkce.ts'
import * as redirectUri from './redirect_uri.ts'
import * as refreshToken from './refresh_token.ts'
import * as scope from './scope.ts'
import * as tokenRequest from './token_request.ts'
import * as tokenUse from './token_use.ts'

const THEMES: readonly Readonly<Record<string, Rule>>[] = [
  csrf,
  nonce,
  pkce,
  codeVerifier,
  redirectUri,
  frontChannel,
  code,
  refreshToken,
  scope,
  credentials,
  assertion,
  tokenRequest,
  tokenUse,
  caching,
  device,
  logout,
]

export const RULES: readonly Rule[] = THEMES.flatMap((theme) => Object.values(theme))
