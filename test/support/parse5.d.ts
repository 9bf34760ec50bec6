// biome-ignore-all lint/style/useFilenamingConvention: the rule does not know declarations
/** The part of the parser that the tests use; this version has no types of its own. */
declare module 'parse5' {
  interface Node {
    readonly nodeName: string
    readonly attrs?: readonly { readonly name: string; readonly value: string }[]
    readonly childNodes?: readonly Node[]
    readonly value?: string
  }
  interface Options {
    readonly onParseError?: (error: { readonly code: string }) => void
  }
  export function parse(html: string, options?: Options): Node
}
