/** What a developer's shell says must not bend a test: neither our own variables nor a proxy for the clients. */
for (const name of Object.keys(process.env)) {
  if (name.startsWith('IDP_DOUBLE_') && !name.startsWith('IDP_DOUBLE_TEST_')) delete process.env[name]
  if (/^(https?|all)_proxy$/i.test(name)) delete process.env[name]
}
