/** The kinds of programs that can be told of a provider by variables: one file each, one line here. */
export { authjs } from './authjs.ts'
export { azure } from './azure.ts'
export { dotnet } from './dotnet.ts'
export { generic } from './generic.ts'
export { spring } from './spring.ts'
export { tls } from './tls.ts'
