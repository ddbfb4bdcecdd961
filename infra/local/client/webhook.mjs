// Posts the signed JSON webhook of a plain-git repository.
import { createHmac, randomUUID } from 'node:crypto';

/** The value of X-Guildhall-Signature-256. */
export function signature(secret, body) {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** Sends one delivery; answers the status and the parsed body. */
export async function deliver({ url, repositoryId, secret, event, payload, delivery = randomUUID() }) {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const response = await fetch(`${url}/webhooks/git/${repositoryId}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-guildhall-event': event,
      'x-guildhall-delivery': delivery,
      'x-guildhall-signature-256': signature(secret, body),
    },
    body,
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text), delivery };
}
