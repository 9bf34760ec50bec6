// biome-ignore-all lint/style/useFilenamingConvention: the rule does not know declarations
/** The package has no types of its own. */
declare module 'escape-html' {
  function escapeHtml(text: string): string
  export = escapeHtml
}
