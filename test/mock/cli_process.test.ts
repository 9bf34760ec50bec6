import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import { BANNER, issuerIn, start } from '../support/cli.ts'
import { folder } from '../support/folder.ts'

describe('stopping', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends with exit code 0 on %s', async (signal) => {
    await using idp = start(['--port', '0', '--quiet'])
    await idp.says(/ready/)
    expect(await idp.stop(signal)).toEqual([0, null])
  })

  it('refuses new connections at once and finishes what is in flight', async () => {
    await using idp = start(['--port', '0', '--log', 'json'])
    const port = Number((await idp.says(/"port":(\d+)/))[1])
    const body = 'grant_type=client_credentials'
    const socket = connect(port, '127.0.0.1')
    const type = 'Content-Type: application/x-www-form-urlencoded'
    socket.write(`GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    let answers = ''
    let heard = () => undefined as unknown
    socket.on('data', (chunk) => {
      answers += chunk
      heard()
    })
    const answered = (count: number) =>
      new Promise<void>((done) => {
        heard = () => answers.split('HTTP/1.1 ').length > count && done()
        heard()
      })
    await answered(1)
    // Half of a request is here when the signal comes.
    socket.write(
      `POST /token HTTP/1.1\r\nHost: localhost\r\n${type}\r\nContent-Length: ${body.length}\r\n\r\n`,
    )
    socket.write(body.slice(0, 5))
    await fetch(`http://127.0.0.1:${port}/`)
    idp.child.kill('SIGTERM')
    await refused(port)
    socket.write(body.slice(5))
    await answered(2)
    expect(await idp.ended).toEqual([0, null])
    expect(answers).toContain('HTTP/1.1 401 Unauthorized')
    expect(idp.texts.stdout).toContain('"path":"/token","status":401')
  })

  it('ends at once at the second signal', async () => {
    await using idp = start(['--port', '0', '--log', 'json'])
    const port = Number((await idp.says(/"port":(\d+)/))[1])
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    socket.write('POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n')
    await fetch(`http://127.0.0.1:${port}/`)
    idp.child.kill('SIGTERM')
    await refused(port)
    const asked = performance.now()
    expect(await idp.stop('SIGINT')).toEqual([0, null])
    expect(performance.now() - asked).toBeLessThan(4_000)
    socket.destroy()
  })

  it('goes on serving when nobody reads its output any more', async () => {
    await using idp = start(['--port', '0'])
    await idp.says(BANNER)
    const issuer = issuerIn(idp.texts.stdout)
    idp.child.stdout.destroy()
    for (let count = 0; count < 3; count += 1) expect((await fetch(`${issuer}/jwks.json`)).status).toBe(200)
    expect(await idp.stop()).toEqual([0, null])
    expect(idp.texts.stderr).toBe('')
  })
})

describe('the thread pool', () => {
  it.runIf(process.platform === 'linux')('has as many threads as UV_THREADPOOL_SIZE says', async () => {
    const threads = async (size: string) => {
      await using idp = start(['--port', '0', '--quiet'], {
        cwd: folder(),
        env: { UV_THREADPOOL_SIZE: size },
      })
      await idp.says(/ready/)
      return Number(/Threads:\s+(\d+)/.exec(readFileSync(`/proc/${idp.child.pid}/status`, 'utf8'))?.[1])
    }
    expect((await threads('9')) - (await threads('1'))).toBe(8)
  })

  it.runIf(process.platform === 'linux')('has one thread per core by default', async () => {
    const threads = async (env: Record<string, string>) => {
      await using idp = start(['--port', '0', '--quiet'], { cwd: folder(), env })
      await idp.says(/ready/)
      return Number(/Threads:\s+(\d+)/.exec(readFileSync(`/proc/${idp.child.pid}/status`, 'utf8'))?.[1])
    }
    expect(await threads({})).toBe(await threads({ UV_THREADPOOL_SIZE: String(availableParallelism()) }))
  })
})

/** Waits until a port takes no more connections. */
async function refused(port: number): Promise<void> {
  const taken = await new Promise<boolean>((done) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      done(true)
    })
    socket.on('error', () => done(false))
  })
  if (taken) await refused(port)
}
