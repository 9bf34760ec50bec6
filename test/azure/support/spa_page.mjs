/**
 * The script of a single-page application: what MSAL is asked for, and what that came to, as plain data. The document
 * says how MSAL is set up.
 */
const settings = JSON.parse(document.getElementById('settings').textContent)
const application = new msal.PublicClientApplication(settings)

/** What follows is for who signed in last. */
function remember(result) {
  if (result?.account) application.setActiveAccount(result.account)
  return result
}

/** Classes have other names in the small file; those that the library exports are known by the names there. */
function classOf(error) {
  const classes = ['InteractionRequiredAuthError', 'ServerError', 'ClientAuthError', 'BrowserAuthError']
  return classes.find((name) => error instanceof msal[name])
}

/** Dates and maps do not leave the page as they are. */
function plain(value) {
  return JSON.parse(JSON.stringify(value ?? null))
}

async function outcome(work) {
  try {
    return plain({ value: remember(await work()) ?? null })
  } catch (error) {
    const { name, message, errorCode, errorNo, errorMessage, subError } = error
    return plain({
      error: { name, class: classOf(error), message, errorCode, errorNo, errorMessage, subError },
    })
  }
}

/** What the page was opened with: an answer of Entra, or nothing. */
globalThis.arrived = outcome(async () => {
  await application.initialize()
  return await application.handleRedirectPromise()
})

/** Calls a method of MSAL. */
globalThis.take = (name, request) =>
  outcome(async () => {
    await globalThis.arrived
    return await application[name](request)
  })
