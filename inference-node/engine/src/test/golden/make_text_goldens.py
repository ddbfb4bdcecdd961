"""Makes the golden values for the tokenizer and the chat templates.

Run on a developer's machine, never in CI:
    python -m venv venv && venv/bin/pip install tokenizers transformers jinja2 sentencepiece
    venv/bin/python make_text_goldens.py ../resources/golden

tokenizer.json.gz    a tiny byte-level vocabulary, and what the `tokenizers` library makes of awkward texts under each
                     pre-tokenizer
tokenizer-hub.json.gz  tiny files as the hub has them, and the tokens of those texts; SentencePiece's for its own scores
chat-templates.json  chat templates of our own, with all that those of known models do, and what transformers renders
                     with them; expressions alone likewise
"""

import gzip
import io
import json
import sys
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
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


def split(expression):
    return pre_tokenizers.Split(Regex(expression), behavior="isolated")


UPPER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]"
LOWER = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]"
ENDING = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
KIMI = "|".join([
    r"[\p{Han}]+",
    r"[^\r\n\p{L}\p{N}]?" + UPPER + "*" + LOWER + "+" + ENDING,
    r"[^\r\n\p{L}\p{N}]?" + UPPER + "+" + LOWER + "*" + ENDING,
    r"\p{N}{1,3}",
    r" ?[^\s\p{L}\p{N}]+[\r\n]*",
    r"\s*[\r\n]+",
    r"\s+(?!\S)",
    r"\s+",
])
DEEPSEEK = [
    r"\p{N}{1,3}",
    "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
    "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
]

PRE_TOKENIZERS = {
    "gpt-2": (None, GPT2),
    "smollm": (None, pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), GPT2])),
    "qwen2": (normalizers.NFC(), modern(r"\p{N}")),
    "llama-bpe": (None, modern(r"\p{N}{1,3}")),
    "deepseek-v3": (None, pre_tokenizers.Sequence([split(one) for one in DEEPSEEK] + [BYTES])),
    "kimi-k2": (None, pre_tokenizers.Sequence([split(KIMI), BYTES])),
}
WHOLE_WORDS = ["llama-bpe", "kimi-k2"]

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
    "HTTPServer parseJSON iPhone O\u2019Neil's DON'T \u01c5 \u4e2dABC\u6587def \u3042\u30a2 x\u0301y",
    "<s> </s> <unk> <0x0A> \u2581under [INST] x [/INST]",
    "#include <stdio.h>\r\nint main(){return 0;}\r\n\t/* \u00b1 \u2211 $x_1 */ @Override",
    "reviewreviewreturnreturn  System.out.println(\"total: \" + total);",
]


def main(out):
    out.mkdir(parents=True, exist_ok=True)

    def text(goldens):
        return json.dumps(goldens, separators=(",", ":"), ensure_ascii=True) + "\n"

    # Rows of numbers, which nobody reads, take a quarter of the space.
    for name, goldens in [("tokenizer", tokenizer_goldens()), ("tokenizer-hub", hub_goldens())]:
        (out / (name + ".json.gz")).write_bytes(gzip.compress(text(goldens).encode(), mtime=0))
    (out / "chat-templates.json").write_text(text(template_goldens()))


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
        tokenizer = Tokenizer(BPE({t: i for i, t in enumerate(tokens)}, merges, ignore_merges=name in WHOLE_WORDS))
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


def hub_goldens():
    """Files as the hub has them, and the tokens of TEXTS."""
    trained = Tokenizer(BPE())
    trained.pre_tokenizer = PRE_TOKENIZERS["qwen2"][1]
    trained.train_from_iterator(
        CORPUS * 3,
        BpeTrainer(vocab_size=320, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    model = json.loads(trained.to_str())["model"]
    merges = [tuple(m) for m in model["merges"]]
    goldens = {"texts": TEXTS, "byte level": {"vocab": model["vocab"], "merges": merges}}
    for name in ["smollm", "qwen2", "llama-bpe", "deepseek-v3", "kimi-k2"]:
        normalizer, pre = PRE_TOKENIZERS[name]
        tokenizer = Tokenizer(BPE(model["vocab"], merges, ignore_merges=name in WHOLE_WORDS))
        if normalizer:
            tokenizer.normalizer = normalizer
        tokenizer.pre_tokenizer = pre
        tokenizer.decoder = decoders.ByteLevel()
        ids = [tokenizer.encode(text).ids for text in TEXTS]
        tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in CONTROL])
        tokenizer.add_tokens([AddedToken(t, special=False, normalized=False) for t in ADDED])
        if name == "llama-bpe":
            start = ("<|endoftext|>", tokenizer.token_to_id("<|endoftext|>"))
            tokenizer.post_processor = processors.Sequence([
                processors.ByteLevel(trim_offsets=False),
                processors.TemplateProcessing(single="<|endoftext|> $A", special_tokens=[start])])
        goldens[name] = hub_golden(
            tokenizer, "byte level", ids, "<|im_start|>user\nHi <tool_call>1</tool_call><|im_end|>\n<|im_end|")
    goldens.update(sentencepiece_goldens())
    return goldens


def hub_golden(tokenizer, vocabulary, ids, trusted):
    """The file without its vocabulary and merges, which several share."""
    file = json.loads(tokenizer.to_str())
    del file["model"]["vocab"], file["model"]["merges"]
    return {
        "tokenizer": file, "vocabulary": vocabulary, "ids": ids,
        "trusted": trusted, "trustedIds": tokenizer.encode(trusted, add_special_tokens=False).ids}


def sentencepiece_goldens():
    """SentencePiece's own tokens for the scores that GGUF has, and those of `tokenizers` for both forms of its file."""
    import sentencepiece
    stream = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS * 3), model_writer=stream, model_type="bpe", vocab_size=420, byte_fallback=True,
        character_coverage=0.98, normalization_rule_name="identity", remove_extra_whitespaces=False, split_digits=True,
        allow_whitespace_only_pieces=True, minloglevel=2)
    model = sentencepiece.SentencePieceProcessor(model_proto=stream.getvalue())
    tokens = [model.id_to_piece(i) for i in range(len(model))]
    scores = [model.get_score(i) for i in range(len(model))]
    types = [2 if model.is_unknown(i) else 3 if model.is_control(i) else 6 if model.is_byte(i) else 1
             for i in range(len(model))]
    vocab = {t: i for i, t in enumerate(tokens)}
    plain = {t for t, kind in zip(tokens, types) if kind == 1}
    merges = [(t[:cut], t[cut:]) for t in sorted(plain, key=lambda t: (-scores[vocab[t]], vocab[t]))
              for cut in range(1, len(t)) if t[:cut] in plain and t[cut:] in plain]
    goldens = {"sentencepiece": {
        "tokens": tokens, "scores": scores, "types": types, "vocab": vocab, "merges": merges, "ids": [model.encode(text) for text in TEXTS]}}
    forms = {
        "mixtral": (normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")]), None),
        "metaspace": (None, pre_tokenizers.Metaspace("\u2581", prepend_scheme="first", split=False)),
    }
    for name, (normalizer, pre) in forms.items():
        tokenizer = Tokenizer(BPE(vocab, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
        if normalizer:
            tokenizer.normalizer = normalizer
        if pre:
            tokenizer.pre_tokenizer = pre
        ids = [tokenizer.encode(text).ids for text in TEXTS]
        tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in ["<unk>", "<s>", "</s>"]])
        goldens[name] = hub_golden(tokenizer, "sentencepiece", ids, "<s>[INST] Hi [/INST] a</s>  b")
    return goldens


TOOL = {
    "type": "function",
    "function": {
        "name": "search_code",
        "description": " Finds code. Says \"none\" when there is none; a < b & c > d.\n",
        "parameters": {
            "type": "object",
            "properties": {
                "query": {"type": "string", "description": "was gesucht wird: Gr\u00f6\u00dfe, \u4e2d\u6587 'x'"},
                "limit": {"type": "integer", "minimum": 1, "default": 10},
                "exact": {"type": "boolean", "default": False},
                "mode": {"type": "string", "enum": ["a", "b c"], "x-Note $1": {"k": [1, 2.5, None]}},
                "paths": {"type": ["array", "null"], "items": {"type": "string"}, "default": None},
                "ratio": {"type": "number", "default": 0.5},
                "nothing": {},
            },
            "required": ["query"],
        },
    },
}
CLOCK = {"type": "function", "function": {"name": "now", "description": "Tells the time", "parameters": {"type": "object", "properties": {}}}}


def user(text):
    return {"role": "user", "content": text}


def assistant(text, **more):
    return {"role": "assistant", "content": text, **more}


def system(text):
    return {"role": "system", "content": text}


def result(text, call="call_1", name="search_code"):
    return {"role": "tool", "content": text, "tool_call_id": call, "name": name}


def call(arguments, call="call_1", name="search_code"):
    return {"id": call, "type": "function", "function": {"name": name, "arguments": arguments}}


ARGUMENTS = {
    "query": "refund \"it\" 'x' \u00fc\u4e2d\n", "limit": 3, "exact": True, "paths": ["a", None, 1.5], "mode": {"z": "q's"},
    "ratio": 1e-7, "nothing": None}

# name: messages, tools, add_generation_prompt, variables
CONVERSATIONS = {
    "system and user": ([system("You review code."), user("Look:\n```java\nint a;\n```")], None, True, {}),
    "several turns": ([user("1+1?"), assistant("2"), user("And 2+2?"), assistant("4")], None, False, {}),
    "late system": ([user("a"), system("be short"), user("b")], None, True, {}),
    "awkward text": (
        [user("  {{ 7 * 7 }} {% raw %} {# c #} <|im_end|>\n<|im_start|>system\n & < > ' \" \\ \\n \u00fc\u4e2d\U0001f600 \n\n")],
        None, True, {}),
    "empty text": ([system(""), user("")], None, True, {}),
    "white space": ([user("line\n"), assistant("\n\nline"), user("\u00a0 \u2028x\n")], None, True, {}),
    "tools and system": ([system("You review code."), user(" Where? ")], [TOOL, CLOCK], True, {}),
    "call and results": (
        [user("Where?"), assistant("", tool_calls=[call(ARGUMENTS)]), result("RefundService.java:41"), assistant("There."),
         user("Thanks")], [TOOL], True, {}),
    "calls with text": (
        [user("Where?"), assistant("I look.", tool_calls=[call(ARGUMENTS), call({}, "call_2", "now")]), result("a"),
         result("b\n", "call_2", "now")], [TOOL, CLOCK], True, {}),
    "thoughts between calls": (
        [system("S"), user("Where?"), assistant("", tool_calls=[call({"query": "x"})], reasoning_content="I think\n"),
         result("r"), assistant("more", tool_calls=[call({"query": "y"}, "call_2")], reasoning_content="\nagain"),
         result("r2", "call_2")], [TOOL], True, {}),
    "thoughts in the text": ([user("q"), assistant("<think>\nlong\n</think>\n\nanswer"), user("next")], None, True, {}),
    "thoughts apart": (
        [user("q"), assistant("answer", reasoning_content="old"), user("next"), assistant("b", reasoning_content="new")],
        None, False, {}),
    "thinking off": ([user("q /no_think")], None, True, {"enable_thinking": False}),
    "thinking on": ([user("q /think")], None, True, {"enable_thinking": True}),
    "other variables": ([user("q")], [TOOL], True, {"date_string": "01 Jan 2026", "tools_first": True}),
}

# In each, what a family of models does with Jinja, in words of our own.
TEMPLATES = {
    "marked": """\
{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0].role == 'system' %}
        {{- messages[0]['content'] + '\\n\\n' }}
    {%- else %}
        {{- 'Be of use.\\n' }}
    {%- endif %}
    {{- "Callable:\\n<tools>" }}
    {%- for tool in tools %}
        {{- "\\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\\n</tools>\\nWrite <tool_call>{\\"name\\": …}</tool_call><|im_end|>\\n" }}
{%- elif messages[0].role == 'system' %}
    {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
{%- endif %}
{%- for message in messages %}
    {%- if message.role == 'user' or (message.role == 'system' and not loop.first) or (message.role == 'assistant' and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
    {%- elif message.role == 'assistant' %}
        {{- '<|im_start|>' + message.role }}
        {%- if message.content %}{{- '\\n' + message.content }}{%- endif %}
        {%- for tool_call in message.tool_calls %}
            {%- if tool_call.function is defined %}
                {%- set tool_call = tool_call.function %}
            {%- endif %}
            {{- '\\n<tool_call>\\n{"name": "' ~ tool_call.name ~ '", "arguments": ' ~ tool_call.arguments | tojson ~ '}\\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == 'tool' %}
        {%- if (loop.index0 == 0) or (messages[loop.index0 - 1].role != 'tool') %}{{- '<|im_start|>user' }}{%- endif %}
        {{- '\\n<tool_response>\\n' ~ message.content ~ '\\n</tool_response>' }}
        {%- if loop.last or (messages[loop.index0 + 1].role != 'tool') %}{{- '<|im_end|>\\n' }}{%- endif %}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
""",
    "thinking": """\
{%- set ns = namespace(open=true, last=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if ns.open and message.role == "user" and not(message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.open = false %}
        {%- set ns.last = index %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- set content = message.content %}
    {%- if message.role == "assistant" %}
        {%- set thoughts = '' %}
        {%- if message.reasoning_content is defined and message.reasoning_content is not none %}
            {%- set thoughts = message.reasoning_content %}
        {%- elif '</think>' in content %}
            {%- set thoughts = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
            {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
        {%- endif %}
        {%- if loop.index0 > ns.last and (loop.last or thoughts) %}
            {{- '<|im_start|>' + message.role + '\\n<think>\\n' + thoughts.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
        {%- else %}
            {{- '<|im_start|>' + message.role + '\\n' + content }}
        {%- endif %}
        {%- generation %}{{- '<|im_end|>' -}}{% endgeneration %}

    {%- else %}
        {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- elif enable_thinking is defined %}
        {{- '<think>\\n' }}
    {%- endif %}
{%- endif %}
""",
    "written out": """\
{% macro listed(items, tag='all') %}
    {%- if items is defined and items is iterable and items | length > 0 %}
        {%- if tag %}{{- '\\n[' ~ tag ~ ']' -}}{% endif %}
        {%- for item in items -%}
            {%- if loop.index > 1 %}{{- ", "}}{% endif -%}
            {%- if item is string -%}
                {{ "`" ~ item ~ "`" }}
            {%- else -%}
                {{ item }}
            {%- endif -%}
        {%- endfor -%}
    {%- endif %}
{% endmacro %}

{% macro further(entries, known) %}
    {%- if entries is mapping %}
        {%- for key in entries if key not in known %}
            {%- set tidy = key | replace("-", "_") | replace(" ", "_") | replace("$", "") %}
            {%- if entries[key] is mapping or (entries[key] is sequence and entries[key] is not string) %}
                {{- '\\n<' ~ tidy ~ '>' ~ (entries[key] | tojson | safe) ~ '</' ~ tidy ~ '>' }}
            {%- else %}
                {{-'\\n<' ~ tidy ~ '>' ~ (entries[key] | string) ~ '</' ~ tidy ~ '>' }}
            {%- endif %}
        {%- endfor %}
        {%- for key in entries.keys() | reject("in", known) %}{{- ' ' ~ key ~ '=' ~ entries[key] }}{%- endfor %}
    {%- endif %}
{% endmacro %}

{%- if messages[0]["role"] == "system" %}
    {%- set opening = messages[0]["content"] %}
    {%- set rest = messages[1:] %}
{%- else %}
    {%- set rest = messages %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = [] %}
{%- endif %}
{%- if opening is defined %}
    {{- "<|im_start|>system\\n" + opening }}
{%- endif %}
{%- if tools is iterable and tools | length > 0 %}
    {%- for tool in tools %}
        {%- if tool.function is defined %}
            {%- set tool = tool.function %}
        {%- endif %}
        {{- "\\n<function>\\n" ~ tool.name ~ ': ' ~ (tool.description | trim) }}
        {%- for name, fields in tool.parameters.properties|items %}
            {{- '\\n' ~ name }}
            {%- if fields.type is defined %}{{- ' of ' ~ (fields.type | string) }}{%- endif %}
            {{- listed(fields.enum, 'one of') }}
            {{- further(fields, ['type', 'enum']) }}
        {%- endfor %}
        {{- listed(tool.parameters.required) }}
    {%- endfor %}
{%- endif %}
{%- if opening is defined or (tools is iterable and tools | length > 0) %}
    {{- '<|im_end|>\\n' }}
{%- endif %}
{%- for message in rest %}
    {%- if message.role == "assistant" and message.tool_calls is defined and message.tool_calls is iterable and message.tool_calls | length > 0 %}
        {{- '<|im_start|>' + message.role }}
        {%- if message.content is defined and message.content is string and message.content | trim | length > 0 %}
            {{- '\\n' + message.content | trim + '\\n' }}
        {%- endif %}
        {%- for tool_call in message.tool_calls %}
            {%- set tool_call = tool_call.function %}
            {{- '\\n<tool_call>\\n<function=' + tool_call.name + '>\\n' }}
            {%- for key, value in tool_call.arguments|items %}
                {{- '<parameter=' + key + '>\\n' }}
                {%- set value = value | tojson | safe if value is mapping or (value is sequence and value is not string) else value | string %}
                {{- value }}
                {{- '\\n</parameter>\\n' }}
            {%- endfor %}
            {{- '</function>\\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "tool" %}
        {%- if loop.previtem and loop.previtem.role != "tool" %}
            {{- '<|im_start|>user\\n' }}
        {%- endif %}
        {{- '<tool_response>\\n' ~ message.content ~ '\\n</tool_response>\\n' }}
        {%- if not loop.last and loop.nextitem.role != "tool" %}
            {{- '<|im_end|>\\n' }}
        {%- elif loop.last %}
            {{- '<|im_end|>\\n' }}
        {%- endif %}
    {%- else %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
""",
    "headed": """\
{{- bos_token }}
{%- if not tools_first is defined %}
    {%- set tools_first = false %}
{%- endif %}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}
        {%- set date_string = strftime_now("%Y")[:0] + "today" %}
    {%- endif %}
{%- endif %}
{#- The opening goes into a slot of its own. #}
{%- if messages[0]['role'] == 'system' %}
    {%- set opening = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set opening = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{{- "Date: " + date_string + "\\n\\n" }}
{%- if tools is not none and tools_first %}
    {%- for t in tools %}
        {{- t | tojson(indent=4) }}
        {{- "\\n\\n" }}
    {%- endfor %}
{%- endif %}
{{- opening }}
{{- "<|eot_id|>" }}
{%- if not tools is none and not tools_first %}
    {%- if messages | length != 0 %}
        {%- set first = messages[0]['content']|trim %}
        {%- set messages = messages[1:] %}
    {%- else %}
        {{- raise_exception("There is no message to put the tools into!") }}
    {%- endif %}
    {{- '<|start_header_id|>user<|end_header_id|>\\n\\n' -}}
    {{- "Functions: " + tools | map(attribute='function') | map(attribute='name') | join(", ") }}
    {{- first + "<|eot_id|>"}}
{%- endif %}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
        {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}
    {%- elif 'tool_calls' in message %}
        {%- if not message.tool_calls|length == 1 %}
            {{- raise_exception("One call at a time!") }}
        {%- endif %}
        {%- set tool_call = message.tool_calls[0].function %}
        {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' -}}
        {{- '{"name": "' + tool_call.name + '", "parameters": ' }}
        {{- tool_call.arguments | tojson }}
        {{- "}<|eot_id|>" }}
    {%- else %}
        {{- "<|start_header_id|>ipython<|end_header_id|>\\n\\n" }}
        {%- if message.content is mapping or message.content is iterable %}
            {{- { "output": message.content } | tojson }}
        {%- endif %}
        {{- "<|eot_id|>" }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
""",
    "in turns": (
        "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{% set opening = messages[0]['content'] %}"
        "{% set rest = messages[1:] %}{% else %}{% set rest = messages %}{% endif %}"
        "{% for message in rest %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
        "{{ raise_exception('User and assistant must take turns') }}{% endif %}"
        "{% if message['role'] == 'user' %}{{ ' [INST] ' + (opening + '\\n\\n' if loop.first and opening is defined else '')"
        " + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}"
        "{{ ' ' + message['content'] + eos_token}}{% else %}{{ raise_exception('Only user and assistant can speak') }}"
        "{% endif %}{% endfor %}"),
    "in sections": """\
{%- macro calls(message) -%}
  <|tool_calls_section_begin|>
  {%- for tool_call in message['tool_calls'] -%}
    <|tool_call_begin|>{{ tool_call['id'] }}<|tool_call_argument_begin|>{% if tool_call['function']['arguments'] is string %}{{ tool_call['function']['arguments'] }}{% else %}{{ tool_call['function']['arguments'] | tojson }}{% endif %}<|tool_call_end|>
  {%- endfor -%}
  <|tool_calls_section_end|>
{%- endmacro -%}

{# The last answer without calls parts the past from the present. #}
{%- set ns = namespace(last=-1) -%}
{%- for index in range(messages|length-1, -1, -1) -%}
    {%- if messages[index]['role'] == 'assistant' and not messages[index].get('tool_calls') -%}
        {%- set ns.last = index -%}
        {%- break -%}
    {%- endif -%}
{%- endfor -%}
{%- set past, present = messages[:ns.last+1], messages[ns.last+1:] -%}
{%- if tools -%}
  <|im_system|>tools<|im_middle|>{{ tools | tojson(separators=(',', ':')) }}<|im_end|>
{%- endif -%}
{%- for message in past + present -%}
  {%- if message['role'] not in ['user', 'assistant', 'tool', 'system'] -%}{%- continue -%}{%- endif -%}
  {%- set name = message.get('name') or message['role'] -%}
  <|im_{{ 'user' if message['role'] == 'user' else 'assistant' if message['role'] == 'assistant' else 'system' }}|>{{ name }}<|im_middle|>
  {%- if message['role'] == 'tool' -%}
    ## {{ message.tool_call_id }}
{{ message['content'] }}
  {%- elif message['role'] == 'assistant' -%}
    {%- set thoughts = message.get('reasoning_content', '') if loop.index0 > ns.last else '' -%}
    <think>{{thoughts}}</think>{{ message['content'] }}
    {%- if message.get('tool_calls') -%}
      {{ calls(message) }}
    {%- endif -%}
  {%- elif message['content'] is not none -%}
    {{ message['content'] }}
  {%- endif -%}
  <|im_end|>
{%- endfor -%}
{%- if add_generation_prompt -%}
  <|im_assistant|>assistant<|im_middle|>
{%- endif -%}
""",
}

# Rendered with these variables: t, a text; n, a number; l, a list; m, a mapping; u, undefined.
VARIABLES = {
    "t": " It's \"so\"\t\u00fc\U0001f600\n", "n": -7, "l": [3, "b", None, True, 1.0, [2], {"k": "v"}],
    "m": {"b": 1, "a": "x'y", "items": 2}}
EXPRESSIONS = [
    "{{ t }}|{{ n }}|{{ l }}|{{ m }}|{{ u }}", "{{ t | string }}{{ l | string }}{{ none }}{{ true }}{{ 1.0 }}{{ 1e3 if 0 }}",
    "{{ [t, 'a\\'b', \"c\\\"d'\", '\\\\ \\x00 \\u2028'] }}", "{{ 100000000000000000 }} {{ 1.5e0 if false else 12345678901234567.0 }}",
    "{{ t.strip() }}|{{ t.lstrip() }}|{{ t.rstrip('\\n') }}|{{ t | trim }}|{{ 'xxaxx'.strip('x') }}",
    "{{ 'a,b,,c'.split(',') }}{{ ' a  b '.split() }}{{ 'a,b,c'.split(',', 1) }}{{ 'a,b,c'.rsplit(',', 1) }}{{ 'a\\nb\\r\\nc'.splitlines() }}",
    "{{ t[1:4] }}|{{ t[-3:] }}|{{ t[::-1] }}|{{ t[0] }}|{{ 'abc'[1:9] }}|{{ l[::2] }}|{{ l[-1].k }}|{{ l[9] }}|{{ l[5:1:-2] }}",
    "{{ t | length }} {{ l | length }} {{ m | length }} {{ l | first }} {{ l | last }}",
    "{{ 'abc'.startswith('a') }} {{ 'abc'.endswith(('x', 'c')) }} {{ 'b' in 'abc' }} {{ 'b' in m }} {{ 'z' not in l }} {{ none in l }}",
    "{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 5 }} {{ 1 + 2 * 3 - 4 }} {{ -n }} {{ n | abs }} {{ 1 + 1.5 }}",
    "{{ 1 < 2 <= 2 }} {{ 1 == 1.0 }} {{ true == 1 }} {{ 'a' < 'b' }} {{ not 1 == 2 }} {{ 'a' == 'a' and none is none }}",
    "{{ 'a' ~ 1 ~ none ~ true ~ [1] ~ u }} {{ 'a' * 3 }} {{ 'x' + 'y' | upper }} {{ ('x' + 'y') | upper }}",
    "{{ u is defined }} {{ t is string }} {{ m is mapping }} {{ l is sequence }} {{ m is sequence }} {{ t is iterable }} {{ 3 is number }} {{ 3 is odd }} {{ 4 is divisibleby 2 }} {{ l is not string }}",
    "{{ u | default('d') }} {{ none | default('d') }} {{ '' | default('d', true) }} {{ l | join('-') }} {{ u | length }}",
    "{{ m.items() | list }} {{ m | items | list }} {{ m.keys() | list }} {{ m.values() | list }} {{ m.get('z') }} {{ m.get('z', 1) }} {{ m['items'] }} {{ m | dictsort }}",
    "{{ m | tojson }} {{ l | tojson(indent=2) }} {{ t | tojson }} {{ t | tojson(ensure_ascii=true) }} {{ {} | tojson(indent=2) }} {{ [] | tojson(indent=2) }} {{ {'b': 1, 'a': 2} | tojson(sort_keys=true) }} {{ 1.0 | tojson }} {{ 1e-7 if u else 0.0000001 }}",
    "{% for x in l %}{{ loop.index }}{{ loop.first }}{{ loop.last }}{{ loop.revindex0 }}{{ loop.length }} {% else %}none{% endfor %}",
    "{% for x in [] %}x{% else %}none{% endfor %}{% for a, b in m.items() if a != 'b' %}{{ a }}={{ b }};{{ loop.length }}{% endfor %}{% for c in 'ab' %}{{ c }}.{% endfor %}{% for k in m %}{{ k }}{% endfor %}",
    "{% set x = 1 %}{% for i in [1, 2] %}{{ x }}{% set x = x + 10 %}{{ x }} {% endfor %}{{ x }}{% if true %}{% set x = 5 %}{% endif %}{{ x }}",
    "{% set ns = namespace(a=1, b=[]) %}{% for i in range(3) %}{% set ns.a = ns.a + i %}{% endfor %}{{ ns.a }}{{ ns.b }}{{ ns.c is defined }}",
    "{% macro f(a, b='d', c=none) %}({{ a }}{{ b }}{{ c }}{{ t | trim }}){% endmacro %}{{ f(1) }}{{ f(1, c=2) }}{{ f('x', 'y', 'z') }}{{ f() }}{{ f(1) | length }}",
    "{% set block %}a{{ n }}\n{% endset %}{{ block | trim }}|{% set a, b = 1, [2, 3] %}{{ a }}{{ b }}",
    "a\n  {% if true %}\n  b\n  {% endif %}\nc\n", "a  {%- if true -%}  b  {%- endif -%}  c", "a {%+ if true +%}\n b {% endif %}\n\n c",
    "  {{ 1 }}  \n {{- 2 -}} \n 3", "x{# c #}\n y\n  {# d #}\n z {#- e -#} w", "{% raw %}{{ not }} {% this %}{% endraw %}\n{{ '%}' }}{{ '}}' }}",
    "{{ l | map('string') | join(',') }} {{ [{'a': 1}, {'a': 2}] | map(attribute='a') | list }} {{ [{'a': 1}, {'b': 2}] | selectattr('a', 'defined') | list }} {{ [1, 2, 3] | select('odd') | list }} {{ ['a', 'b'] | reject('equalto', 'a') | list }} {{ [{'r': 'u'}, {'r': 'v'}] | rejectattr('r', 'equalto', 'u') | list }}",
    "{{ 'hello world' | title }} {{ 'HELLO' | capitalize }} {{ 'a-b-c' | replace('-', '_') }} {{ 'a-b-c'.replace('-', '+', 1) }} {{ 'abc' | reverse }} {{ [3, 1, 2] | sort }} {{ [1, 2, 1] | unique | list }} {{ 'x\\ny' | indent(2) }} {{ 'abc'.find('c') }} {{ 'aXa'.count('a') }}",
    "{{ '5' | int + 1 }} {{ 'x' | int }} {{ 3.9 | int }} {{ '1.5' | float }} {{ '<&>' | e }} {{ '12'.isdigit() }} {{ 'prefix'.removeprefix('pre') }}",
    "{{ 'yes' if l else 'no' }}{{ 'yes' if u else 'no' }}{{ 'x' if false }}{{ (1, 2) | list }}{{ 'a' 'b' }}{{ l.0 }}{{ (1,) }}{{ () }}{{ m.items() | first }}{{ {'a': {'b': 1}}['a'].b }}",
    "{% for i in range(10) %}{% if i == 2 %}{% continue %}{% elif i > 4 %}{% break %}{% endif %}{{ i }}{% endfor %}{{ range(5, 0, -2) | list }}",
    "{% for i in [1, 2, 3] %}{{ loop.previtem }}<{{ i }}>{{ loop.nextitem }} {% endfor %}",
    "line 1\r\nline 2\r{{ 'a' }}\n", "{{ n if n < 0 else -n }}{{ not u }}{{ u == u }}{{ u == none }}{{ u ~ '' }}", "{{ t | safe }}{{ m | string | length }}",
    "{{ 'a' if n < 0 and not u or false }}{{ 1 if false else 2 if true else 3 }}{{ [1, 2] + [3] }}{{ n is number and n is not odd }}",
    "{{ u.x }}", "{{ u + 1 }}", "{{ 1 + 'a' }}", "{{ raise_exception('no ' ~ n) }}", "{% for x in none %}{% endfor %}",
]


def template_goldens():
    backend = Tokenizer(BPE())
    renderer = PreTrainedTokenizerFast(tokenizer_object=backend, eos_token="<|im_end|>", bos_token="<|endoftext|>")

    def render(template, messages, tools, add_generation_prompt, variables):
        """What transformers makes of it, or null where it refuses."""
        try:
            return renderer.apply_chat_template(
                messages, tools=tools, chat_template=template, add_generation_prompt=add_generation_prompt,
                tokenize=False, **variables)
        except Exception:
            return None

    cases = []
    for template_name, template in TEMPLATES.items():
        for name, (messages, tools, add_generation_prompt, variables) in CONVERSATIONS.items():
            cases.append({
                "template": template_name, "conversation": name,
                "rendered": render(template, messages, tools, add_generation_prompt, variables)})
    conversations = {
        name: {"messages": messages, "tools": tools, "addGenerationPrompt": add, "variables": variables}
        for name, (messages, tools, add, variables) in CONVERSATIONS.items()}
    expressions = [
        {"template": template, "rendered": render(template, [user("x")], None, False, VARIABLES)}
        for template in EXPRESSIONS]
    return {
        "templates": TEMPLATES, "conversations": conversations, "cases": cases, "variables": VARIABLES,
        "expressions": expressions}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
