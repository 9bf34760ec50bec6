import fs from 'node:fs'
import { OAuth2Server } from 'oauth2-mock-server'

const [jwkFile] = process.argv.slice(2)
const server = new OAuth2Server()
if (jwkFile === undefined) await server.issuer.keys.generate('RS256')
else await server.issuer.keys.add(JSON.parse(fs.readFileSync(jwkFile, 'utf8')))
await server.start(0, '127.0.0.1')
console.log(`http://127.0.0.1:${server.address().port}/`)
