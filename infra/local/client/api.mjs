// Guildhall's REST API for the scripts of infra: address and key come from the environment that `guildhall` sets.

/** An answer other than 2xx, with the problem's code and text. */
export class ApiProblem extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = problem.code;
  }
}

export function api({ url = process.env.GUILDHALL_URL, key = process.env.GUILDHALL_API_KEY } = {}) {
  if (!url || !key) throw new Error('GUILDHALL_URL and GUILDHALL_API_KEY must be set');

  async function call(method, path, body, headers = {}) {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    let answer = null;
    try {
      answer = text === '' ? null : JSON.parse(text);
    } catch {
      answer = { detail: text.slice(0, 200) };
    }
    if (!response.ok) throw new ApiProblem(response.status, answer ?? {});
    return answer;
  }

  return {
    get: (path) => call('GET', path),
    post: (path, body, headers) => call('POST', path, body, headers),
    remove: (path) => call('DELETE', path),
  };
}

/** Asks again until `probe` answers something, or fails after `seconds`. */
export async function waitFor(what, seconds, probe, pauseMillis = 500) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await probe();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what} did not happen within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, pauseMillis));
  }
}
