// The package that people use to speak OpenAI's protocol, against inference-node.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const WEATHER = {
  type: 'function',
  function: {
    name: 'get_weather', description: 'The weather of a city now',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};
const FINDING = {
  type: 'object', required: ['severity', 'line'], additionalProperties: false,
  properties: { severity: { enum: ['high', 'low'] }, line: { type: 'integer', minimum: 1, maximum: 99 } },
};

/** Asks for one answer of each kind; the answers' form is what counts, not how clever a small model is. */
export async function tryClient({ url, token, model }) {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: token, maxRetries: 0, timeout: 240_000 });
  const chat = (fields, content = 'Say hello.') => client.chat.completions.create({
    model, messages: [{ role: 'user', content }], max_tokens: 12, temperature: 0, ...fields,
  });

  const { data } = await client.models.list();
  assert.deepEqual(data.map(({ id }) => id), [model]);

  const whole = await chat({ logprobs: true, top_logprobs: 2 });
  assert.equal(whole.choices[0].logprobs.content.length, whole.usage.completion_tokens);
  let text = '';
  let usage;
  for await (const chunk of await chat({ stream: true, stream_options: { include_usage: true } })) {
    text += chunk.choices[0]?.delta.content ?? '';
    usage ??= chunk.usage;
  }
  assert.equal(text, whole.choices[0].message.content);
  assert.equal(usage.total_tokens, whole.usage.total_tokens);

  const several = await chat({ n: 2, temperature: 1, stop: ['!'], logit_bias: { 0: -100 }, presence_penalty: 0.5 });
  assert.equal(several.choices.length, 2);

  const held = await chat({
    max_tokens: 40, temperature: 2,
    response_format: { type: 'json_schema', json_schema: { name: 'finding', strict: true, schema: FINDING } },
  });
  const finding = JSON.parse(held.choices[0].message.content);
  assert.ok(['high', 'low'].includes(finding.severity) && finding.line >= 1 && finding.line <= 99);

  const forced = { tools: [WEATHER], tool_choice: 'required', max_tokens: 60 };
  const stream = client.chat.completions.stream({
    model, messages: [{ role: 'user', content: 'What is the weather in Paris?' }], temperature: 0, ...forced,
  });
  const [call] = (await stream.finalMessage()).tool_calls;
  assert.equal(call.function.name, 'get_weather');
  assert.equal(typeof JSON.parse(call.function.arguments).city, 'string');

  const filled = await client.completions.create({
    model, prompt: 'def add(a, b):\n', suffix: '\n\nprint(add(1, 2))\n', max_tokens: 8, temperature: 0,
  });
  assert.ok(filled.choices[0].text.length > 0);

  await assert.rejects(chat({ temperature: 3 }), { status: 400, param: 'temperature' });
  await assert.rejects(chat({ model: 'unknown' }), { status: 404, param: 'model' });
  await assert.rejects(chat({}, 'word '.repeat(40_000)), { status: 400, code: 'context_length_exceeded' });
  await assert.rejects(new OpenAI({ baseURL: `${url}/v1`, apiKey: 'wrong', maxRetries: 0 }).models.list(), { status: 401 });
}
