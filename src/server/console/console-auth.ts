// Who may see the console: whoever once opened it with its token keeps a cookie.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'

const cookieName = 'tributary_console'
const lifetimeSec = 30 * 24 * 3600

/**
 * Lets nobody through without the cookie, which `?token=` sets before it disappears from the address.
 * The cookie is a digest, so that the token itself is stored in no browser.
 */
export function consoleAuth(token: string): MiddlewareHandler {
  const pass = digest(`console cookie of ${token}`)
  return async (context, next) => {
    const url = new URL(context.req.url)
    const offered = url.searchParams.get('token')
    if (offered !== null && isSame(offered, token)) {
      setCookie(context, cookieName, pass, { httpOnly: true, sameSite: 'Strict', path: '/console', maxAge: lifetimeSec })
      url.searchParams.delete('token')
      return context.redirect(`${url.pathname}${url.search}`, 303)
    }
    if (!isSame(getCookie(context, cookieName) ?? '', pass)) return context.html(closed, 401)
    return next()
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')

// Digests have one length, so nothing is told by the time it takes.
const isSame = (one: string, other: string): boolean => timingSafeEqual(Buffer.from(digest(one)), Buffer.from(digest(other)))

const closed = html`<!doctype html>
  <html lang="en">
    <meta charset="utf-8" />
    <title>Tributary</title>
    <p>The console opens with the address that the server printed at its start (…/console/?token=…).</p>
  </html>`
