// The realm for tests: two more users, sign-in by password alone, and web pages on any port of this machine.
import { readFileSync } from 'node:fs';

const realm = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const admin = realm.users.find((user) => user.username === 'admin');
const web = realm.clients.find((client) => client.clientId === 'guildhall-web');
const addresses = ['http://localhost:*', 'http://127.0.0.1:*'];

for (const [username, realmRoles] of Object.entries({ dev: ['developer', 'viewer'], viewer: ['viewer'] })) {
  realm.users.push({ ...admin, username, firstName: username, lastName: 'Test', email: `${username}@guildhall.localhost`, realmRoles });
}
web.directAccessGrantsEnabled = true;
web.redirectUris = addresses;
web.attributes['post.logout.redirect.uris'] = addresses.join('##');

console.log(JSON.stringify(realm, null, 2));
