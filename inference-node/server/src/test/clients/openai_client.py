"""The openai package for Python against a running node: openai_client.py BASE_URL API_KEY MODEL

Prints what came back; fails where the form is wrong. `infra/e2e/openai-client.mjs` does the same in every test run for the
package for Node, which the tests need anyway.
"""

import json
import sys

import openai

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city now",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
FINDING = {
    "type": "object",
    "required": ["severity", "line"],
    "additionalProperties": False,
    "properties": {"severity": {"enum": ["high", "low"]}, "line": {"type": "integer", "minimum": 1, "maximum": 99}},
}


def main(base_url: str, api_key: str, model: str) -> None:
    client = openai.OpenAI(base_url=base_url, api_key=api_key, timeout=600, max_retries=0)

    def chat(content: str = "What is 2+2? One word.", **fields):
        options = {"model": model, "messages": [{"role": "user", "content": content}], "temperature": 0, "max_tokens": 40}
        return client.chat.completions.create(**(options | fields))

    print("openai", openai.__version__, "models", [each.id for each in client.models.list()])

    whole = chat(logprobs=True, top_logprobs=2)
    print("whole:", whole.choices[0].message.content, whole.usage.total_tokens, "tokens")
    text = "".join(piece.choices[0].delta.content or "" for piece in chat(stream=True) if piece.choices)
    assert text == whole.choices[0].message.content

    several = chat("Name a colour.", n=3, temperature=1.2, stop=["."], presence_penalty=0.5)
    print("n=3:", [choice.message.content for choice in several.choices])

    held = chat(
        "Line 12 divides by zero. Report it.",
        response_format={"type": "json_schema", "json_schema": {"name": "finding", "strict": True, "schema": FINDING}},
    )
    print("json_schema:", json.loads(held.choices[0].message.content))
    chosen = chat("Is the sky blue?", extra_body={"structured_outputs": {"choice": ["yes", "no"]}})
    assert chosen.choices[0].message.content in ("yes", "no")

    for choice in ("auto", "required", {"type": "function", "function": {"name": "get_weather"}}):
        answer = chat("What is the weather in Paris?", tools=[WEATHER], tool_choice=choice, max_tokens=80)
        calls = [(call.function.name, json.loads(call.function.arguments)) for call in answer.choices[0].message.tool_calls or []]
        print("tools", choice, calls, answer.choices[0].finish_reason)
        assert choice == "auto" or calls

    filled = client.completions.create(
        model=model, prompt="def add(a, b):\n", suffix="\n\nprint(add(1, 2))\n", max_tokens=12, temperature=0
    )
    print("fill in the middle:", repr(filled.choices[0].text))

    for fields, refusal in (({"temperature": 3}, openai.BadRequestError), ({"model": "unknown"}, openai.NotFoundError)):
        try:
            chat(**fields)
        except refusal as refused:
            print("refused:", refused.status_code, refused.param, refused.body["message"])
        else:
            raise AssertionError(f"{fields} was taken")


if __name__ == "__main__":
    main(*sys.argv[1:4])
