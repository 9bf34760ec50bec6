/**
 * How clients are told of a logout.
 * @see https://openid.net/specs/openid-connect-frontchannel-1_0.html#OPLogout
 * @see https://openid.net/specs/openid-connect-backchannel-1_0.html#BCSupport
 */
export const logoutMetadata = {
  frontchannel_logout_supported: true,
  frontchannel_logout_session_supported: true,
  backchannel_logout_supported: true,
  backchannel_logout_session_supported: true,
} as const
