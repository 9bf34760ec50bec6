/** The version of the package; a test holds it to package.json, which an image does not have. */
export const VERSION = '0.1.0'
