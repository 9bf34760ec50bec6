import * as v from 'valibot'

/** Of https, where nothing is configured. */
export const HTTPS_PORT = 8443

const PORT = 'a port from 0 to 65535'

/** A port to listen on. */
export function port(): v.GenericSchema<number> {
  return v.pipe(v.number(PORT), v.integer(PORT), v.minValue(0, PORT), v.maxValue(65_535, PORT))
}
