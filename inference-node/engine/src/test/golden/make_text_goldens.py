"""Makes the golden values for the tokenizer and the chat templates.

Run on a developer's machine, never in CI:
    python -m venv venv && venv/bin/pip install tokenizers transformers jinja2 gguf
    venv/bin/python make_text_goldens.py ../resources/golden QWEN2.5-CODER.gguf SMOLLM2.gguf

tokenizer.json     a tiny byte-level vocabulary, and what the `tokenizers` library makes of awkward texts under each
                   pre-tokenizer
chat-templates.json  the chat templates out of the two GGUF files, and what transformers renders with them
"""

import json
import sys
from pathlib import Path

from gguf import GGUFReader
from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers, decoders
from tokenizers.models import BPE
from tokenizers.trainers import BpeTrainer
from transformers import PreTrainedTokenizerFast

GPT2 = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
BYTES = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)


def modern(digits):
    expression = (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|" + digits
        + r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )
    return pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(expression), behavior="isolated"), BYTES])


PRE_TOKENIZERS = {
    "gpt-2": (None, GPT2),
    "smollm": (None, pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), GPT2])),
    "qwen2": (normalizers.NFC(), modern(r"\p{N}")),
    "llama-bpe": (None, modern(r"\p{N}{1,3}")),
}

CORPUS = [
    "public final class RefundService { private final Connection connection; }",
    "    public void refund(String orderId, long amountCents) throws SQLException {",
    "        String query = \"SELECT id FROM orders WHERE id = '\" + orderId + \"'\";",
    "for (int i = 0; i < items.size(); i++) { total += items.get(i).price(); }",
    "def refund(order_id: str, amount: int = 100) -> bool:\n    return amount > 0 and order_id is not None\n",
    "It's what they've said: we'll see, I'm sure you'd agree. The review isn't done; don't merge it.",
    "Der schnelle braune Fuchs springt über den faulen Hund. Größe, Straße, naïve café.",
    "Привет, мир! Проверка кода и возвраты. 返金サービスのテストです。代码审查",
    "1234567890 3.14159 0xFF 2026-11-22 12:30:45 1,000,000",
]

CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
ADDED = ["<tool_call>", "</tool_call>"]

TEXTS = [
    "",
    "a",
    " ",
    "  ",
    "\n",
    "\r\n\r\n  x",
    "public void refund(String orderId) {\n        return;\n}\n",
    "    \t  indented\n\n\n   again  ",
    "trailing spaces   ",
    "It's IT'S we'LL they'VE 'tis \u2019s '\u017f",
    "x=12345678 and 3.14 and \u0663\u0664\u0665 \u00bd \u2167 \u3007",
    "123 1234 12 1",
    "caf\u00e9 cafe\u0301 A\u030a \u1100\u1161\u11a8 \ufb01",
    "\u8fd4\u91d1\u30b5\u30fc\u30d3\u30b9\u306e\u30c6\u30b9\u30c8 \u041f\u0440\u0438\u0432\u0435\u0442",
    "emoji \U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467 flag \U0001f1e9\U0001f1ea",
    "nbsp\u00a0here\u2003em\u3000wide\u0085nel\u2028line",
    "\u0000\u0001\u001f\u007f\u0080\ufeff\ufffd",
    "!!!???...;;;\n\n///***\r\n### \n",
    "a_b-c.d/e\\f@g#h$i%j^k&l*m(n)o[p]q{r}s|t~u`v\"w'x<y>z",
    "<|im_end|> and <tool_call> stay text <|im_start",
    "mixed\u4e2d\u6587and123abc\u00e9\u00e8 42nd",
    "\u0939\u093f\u0928\u094d\u0926\u0940 \u0e44\u0e17\u0e22 \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    " leading",
    "\t\ttabs\tbetween \t mixed",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "ababababababababababababababababa " * 3,
    "reviewreviewreturnreturn  System.out.println(\"total: \" + total);",
]


def main(out, qwen, smollm):
    out.mkdir(parents=True, exist_ok=True)
    (out / "tokenizer.json").write_text(json.dumps(tokenizer_goldens(), indent=0, ensure_ascii=True) + "\n")
    (out / "chat-templates.json").write_text(
        json.dumps(template_goldens({"qwen2.5-coder": qwen, "smollm2": smollm}), indent=1, ensure_ascii=True) + "\n")


def tokenizer_goldens():
    trained = Tokenizer(BPE())
    trained.pre_tokenizer = PRE_TOKENIZERS["qwen2"][1]
    trained.train_from_iterator(
        CORPUS * 3,
        BpeTrainer(vocab_size=620, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    model = json.loads(trained.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    merges = [tuple(m) for m in model["merges"]]
    # A word of the vocabulary that no merge reaches: only a pre-tokenizer that takes whole words finds it.
    tokens.append("reviewed")
    texts = TEXTS + ["reviewed reviewed"]
    cases = [{"text": text} for text in texts]
    trusted = "<|im_start|>user\nHi <tool_call>1</tool_call><|im_end|>\n<|im_end|"
    trusted_ids = {}
    for name, (normalizer, pre) in PRE_TOKENIZERS.items():
        tokenizer = Tokenizer(BPE({t: i for i, t in enumerate(tokens)}, merges, ignore_merges=name == "llama-bpe"))
        if normalizer:
            tokenizer.normalizer = normalizer
        tokenizer.pre_tokenizer = pre
        tokenizer.decoder = decoders.ByteLevel()
        for case in cases:
            case[name] = tokenizer.encode(case["text"]).ids
        tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in CONTROL])
        tokenizer.add_tokens([AddedToken(t, special=False, normalized=False) for t in ADDED])
        trusted_ids[name] = tokenizer.encode(trusted).ids
    types = [1] * len(tokens) + [3] * len(CONTROL) + [4] * len(ADDED) + [5] * 3
    return {
        "tokens": tokens + CONTROL + ADDED + ["[PAD%d]" % i for i in range(3)],
        "types": types,
        "merges": [" ".join(m) for m in merges],
        "cases": cases,
        "trusted": {"text": trusted, **trusted_ids},
    }


TOOL = {
    "type": "function",
    "function": {
        "name": "search_code",
        "description": "Finds code. Says \"none\" when there is none; a < b & c > d.",
        "parameters": {
            "type": "object",
            "properties": {
                "query": {"type": "string", "description": "was gesucht wird: Gr\u00f6\u00dfe, \u4e2d\u6587"},
                "limit": {"type": "integer", "minimum": 1, "default": 10},
                "exact": {"type": "boolean", "default": False},
                "paths": {"type": ["array", "null"], "items": {"type": "string"}, "default": None},
                "ratio": {"type": "number", "default": 0.5},
                "nothing": {},
            },
            "required": ["query"],
        },
    },
}


def user(text):
    return {"role": "user", "content": text}


def assistant(text):
    return {"role": "assistant", "content": text}


CALL = {"type": "function", "function": {"name": "search_code", "arguments": {"query": "refund \"it\"", "limit": 3}}}

CONVERSATIONS = {
    "user only": ([user("Hello")], None, True),
    "system and user": ([{"role": "system", "content": "You review code."}, user("Look:\n```java\nint a;\n```")], None, True),
    "several turns": ([user("1+1?"), assistant("2"), user("And 2+2?"), assistant("4")], None, False),
    "late system": ([user("a"), {"role": "system", "content": "be short"}, user("b")], None, True),
    "awkward text": (
        [user("  {{ 7 * 7 }} {% raw %} {# c #} <|im_end|>\n<|im_start|>system\n & < > ' \" \\ \\n \u00fc\u4e2d\U0001f600 \n\n")],
        None, True),
    "empty text": ([{"role": "system", "content": ""}, user("")], None, True),
    "trailing newline": ([user("line\n"), assistant("\n\nline"), user("\n")], None, True),
    "tools": ([user("Where are refunds?")], [TOOL], True),
    "tools and system": ([{"role": "system", "content": "You review code."}, user("Where?")], [TOOL, TOOL], True),
    "tool call and results": (
        [user("Where?"), {"role": "assistant", "content": "", "tool_calls": [CALL]},
         {"role": "tool", "content": "RefundService.java:41"}, {"role": "tool", "content": "none"},
         assistant("There."), user("Thanks")], [TOOL], True),
    "tool call with text": (
        [user("Where?"), {"role": "assistant", "content": "I look.", "tool_calls": [CALL, CALL]},
         {"role": "tool", "content": "a"}], [TOOL], True),
}


def template_goldens(files):
    templates = {name: GGUFReader(path).fields["tokenizer.chat_template"].contents() for name, path in files.items()}
    backend = Tokenizer(BPE())
    cases = []
    for template_name, template in templates.items():
        renderer = PreTrainedTokenizerFast(tokenizer_object=backend, eos_token="<|im_end|>", bos_token="<|endoftext|>")
        for name, (messages, tools, add_generation_prompt) in CONVERSATIONS.items():
            if tools and template_name == "smollm2":
                continue
            rendered = renderer.apply_chat_template(
                messages, tools=tools, chat_template=template, add_generation_prompt=add_generation_prompt,
                tokenize=False)
            cases.append({
                "template": template_name, "name": name, "messages": messages, "tools": tools,
                "addGenerationPrompt": add_generation_prompt, "rendered": rendered})
    return {"templates": templates, "cases": cases}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
