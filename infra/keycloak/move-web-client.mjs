// Tells Keycloak at which addresses the web page is: move-web-client.mjs ADDRESS...; the first is the usual one.
// Environment: KEYCLOAK_URL, KEYCLOAK_ADMIN_PASSWORD.
const { KEYCLOAK_URL, KEYCLOAK_ADMIN_PASSWORD } = process.env;
const addresses = process.argv.slice(2);

async function answer(response) {
  if (!response.ok) throw new Error(`Keycloak answered ${response.status} to ${response.url}: ${await response.text()}`);
  return response.status === 204 ? null : response.json();
}

const { access_token: token } = await answer(await fetch(`${KEYCLOAK_URL}/realms/master/protocol/openid-connect/token`, {
  method: 'POST',
  body: new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', username: 'keeper', password: KEYCLOAK_ADMIN_PASSWORD }),
}));
const clients = `${KEYCLOAK_URL}/admin/realms/guildhall/clients`;
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
const [web] = await answer(await fetch(`${clients}?clientId=guildhall-web`, { headers }));

web.rootUrl = addresses[0];
web.redirectUris = addresses.map((address) => `${address}/*`);
web.attributes['post.logout.redirect.uris'] = web.redirectUris.join('##');
await answer(await fetch(`${clients}/${web.id}`, { method: 'PUT', headers, body: JSON.stringify(web) }));
