/** What the pages show in their tests: one usual view of each. */
import type {
  AskedView,
  ClientView,
  ConsentView,
  ErrorView,
  FormPostView,
  LoginView,
  LogoutView,
  SignedOutView,
  UserView,
} from '../../src/pages/views.ts'

const frame = { tenant: 'contoso', issuer: 'http://localhost:8080/contoso' }

export const client: ClientView = {
  client_id: 'web-shop',
  name: 'Web shop',
  client_uri: 'https://shop.example.test/',
  logo_uri: 'https://cdn.example.test/logo.png',
  policy_uri: 'https://shop.example.test/privacy',
  tos_uri: 'https://shop.example.test/terms',
}

export const alice: UserView = {
  username: 'alice',
  name: 'Alice Liddell',
  email: 'alice@example.test',
  roles: ['admin', 'editor'],
  groups: ['staff'],
}
const bob: UserView = { username: 'bob', email: 'bob@example.test', roles: ['reader'], groups: [] }
const carol: UserView = { username: 'carol', name: 'Carol', roles: [], groups: ['staff', 'finance'] }

export const asked: AskedView = {
  client,
  redirect_uri: 'https://shop.example.test/signed-in',
  scopes: [
    { scope: 'openid', claims: ['sub'] },
    { scope: 'profile', claims: ['name', 'family_name', 'given_name', 'preferred_username', 'updated_at'] },
    { scope: 'orders:read', claims: [] },
  ],
  resources: ['https://api.example.test'],
}

export const login: LoginView = {
  ...frame,
  interaction: 'interaction-1',
  mode: 'picker',
  asked,
  users: [alice, bob, carol],
  total: 3,
  create: false,
}

export const consent: ConsentView = {
  ...frame,
  interaction: 'interaction-2',
  asked,
  user: alice,
  claims: ['birthdate'],
}

export const logout: LogoutView = { ...frame, interaction: 'interaction-3', user: alice, client }

export const signedOut: SignedOutView = {
  ...frame,
  frames: [
    'https://shop.example.test/front-logout?iss=i&sid=1',
    'https://shop.example.test/other',
    'http://[::1]:3000/out',
  ],
  next: 'https://shop.example.test/bye?state=s',
}

export const refusal: ErrorView = {
  ...frame,
  status: 400,
  title: 'Redirect URI not registered',
  error: 'invalid_request',
  reason: 'redirect_uri.invalid',
  description:
    "redirect_uri http://127.0.0.1:3000/cb came, it is none of the client's; register it for web-shop",
  facts: [
    ['redirect_uri that came', 'http://127.0.0.1:3000/cb'],
    ['registered for web-shop', 'http://localhost:3000/cb'],
  ],
}

export const formPost: FormPostView = {
  action: 'https://shop.example.test/signed-in?from=idp',
  params: [
    ['code', 'a-code'],
    ['state', 'a "state" & more'],
  ],
}
