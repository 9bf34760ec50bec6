/**
 * What the inspector does in a browser: follows what happens, and makes calls. It draws nothing itself; the server is
 * asked for the page again, and what is marked as live in it takes the place of what is there.
 */
export const SCRIPT: string = `'use strict'
{
  const { tenant, last } = document.body.dataset
  const said = document.getElementById('said')
  document.documentElement.classList.add('scripted')

  const at = (path, more = {}) => {
    const query = new URLSearchParams({ ...(tenant === undefined ? {} : { tenant }), ...more })
    return '.' + path + (query.size === 0 ? '' : '?' + query)
  }
  const say = (text, isBad = false) => {
    said.textContent = text
    said.classList.toggle('problem', isBad)
  }

  // The focus stays where it is; where its element is gone, at what took its place.
  const keyOf = (element) => element.id || element.dataset.testid
  const focusable = (part) => [...part.querySelectorAll('a, button, input, select, pre')]
  const swap = (now, next) => {
    if (now.outerHTML === next.outerHTML) return
    const { activeElement } = document
    const place = focusable(now).indexOf(activeElement)
    now.replaceWith(next)
    if (place < 0) return
    const those = focusable(next)
    const same = those.find((each) => keyOf(each) && keyOf(each) === keyOf(activeElement))
    const to = same ?? those[Math.min(place, those.length - 1)] ?? document.getElementById('main')
    to.focus({ preventScroll: true })
  }
  // What is looked at stays where it is on the screen, whatever comes above it.
  const keeping = (change) => {
    const keyed = () => [...document.querySelectorAll('main [data-testid]')]
    const seen = scrollY > 0 && keyed().find((each) => each.getBoundingClientRect().top >= 0)
    const top = seen && seen.getBoundingClientRect().top
    change()
    const same = seen && keyed().find((each) => keyOf(each) === keyOf(seen))
    if (same) scrollBy(0, same.getBoundingClientRect().top - top)
  }
  let isAsked = false
  let isAskedAgain = false
  const refresh = async () => {
    isAskedAgain = isAsked
    if (isAsked) return
    isAsked = true
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
      if (!answer.ok) return say('The provider answers ' + answer.status + '; reload the page.', true)
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html')
      keeping(() => {
        for (const part of next.querySelectorAll('[data-live]')) {
          const now = document.getElementById(part.id)
          if (now) swap(now, document.adoptNode(part))
        }
      })
      begin()
    } catch {
      say('The provider does not answer any more.', true)
    } finally {
      isAsked = false
      if (isAskedAgain) refresh()
    }
  }

  const call = async (what, body) => {
    const [method, path] = what.split(' ')
    const json = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body }
    try {
      const answer = await fetch(at(path), { method, ...json })
      if (answer.ok) say('')
      else say((await answer.json()).detail, true)
      await refresh()
      return answer.ok
    } catch {
      say('The provider does not answer any more.', true)
      return false
    }
  }
  // What cannot be undone is asked for twice, and a double click is once.
  const isSure = (button, clicks) => {
    const { sure, text } = button.dataset
    if (sure === undefined) return true
    if (text !== undefined) return clicks < 2
    button.dataset.text = button.textContent
    button.textContent = sure
    setTimeout(() => {
      button.textContent = button.dataset.text
      delete button.dataset.text
    }, 4000)
    return false
  }
  document.addEventListener('click', (event) => {
    const button = event.target.closest('button')
    if (button?.dataset.copy !== undefined)
      navigator.clipboard.writeText(button.dataset.copy).then(
        () => say('Copied.'),
        () => say('The browser did not allow to copy.', true),
      )
    else if (button?.dataset.call !== undefined && isSure(button, event.detail)) call(button.dataset.call, button.dataset.body)
  })
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (form.dataset.call === undefined) return
    event.preventDefault()
    const body = {}
    for (const field of form.elements) {
      if (!field.name || field.value === '') continue
      if (field.dataset.merge === undefined) body[field.name] = field.value
      else Object.assign(body, JSON.parse(field.value))
    }
    call(form.dataset.call, JSON.stringify(body)).then((isDone) => isDone && form.reset())
  })
  document.addEventListener('change', ({ target }) => {
    if (target.dataset.submits !== undefined) target.form.requestSubmit()
  })

  document.querySelector('.split [aria-current=true]')?.scrollIntoView({ block: 'nearest' })

  // The clock runs on between two pages.
  let began = 0
  const begin = () => {
    began = performance.now()
  }
  setInterval(() => {
    const time = document.querySelector('time[data-runs]')
    if (time === null) return
    const now = Number(time.dataset.epoch) * 1000 + performance.now() - began
    time.textContent = new Date(now).toISOString().slice(0, 19).replace('T', ' ') + 'Z'
  }, 1000)
  begin()

  // At once, and while more and more comes once a second.
  let timer
  let earliest = 0
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      earliest = performance.now() + 1000
      refresh()
    }, Math.max(100, earliest - performance.now()))
  }
  // Who looks at it again sees how it is: what a test did to the clock or the users comes by no stream.
  document.addEventListener('visibilitychange', () => void (document.hidden || refresh()))
  addEventListener('focus', soon)

  const stream = new EventSource(at('/requests/stream', { after: last }))
  stream.addEventListener('request', soon)
  stream.addEventListener('skipped', soon)
  let isLost = false
  stream.addEventListener('error', () => {
    isLost = true
    const isOver = stream.readyState === EventSource.CLOSED
    say('This page does not follow any more: the provider ' + (isOver ? 'has no such tenant; reload the page.' : 'does not answer.'), true)
  })
  stream.addEventListener('open', () => {
    if (!isLost) return
    isLost = false
    say('')
    refresh()
  })
}
`
