/** Where Entra ID is. */
import type { Dialect } from './dialect.ts'

/** The hosts of Entra ID itself, as its instance discovery lists them. @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud */
export const MICROSOFT_HOSTS = [
  'login.microsoftonline.com',
  'login.windows.net',
  'login.microsoft.com',
  'sts.windows.net',
] as const

/** Tenants with a host of their own are called by their first domain there. @see https://learn.microsoft.com/entra/external-id/customers/how-to-custom-url-domain */
export const HOST_NAMES: NonNullable<Dialect['hostNames']> = {
  '.ciamlogin.com': '.onmicrosoft.com',
  '.b2clogin.com': '.onmicrosoft.com',
}
