"""Makes the golden values for the tokenizer and the chat templates.

Run on a developer's machine, never in CI:
    python -m venv venv && venv/bin/pip install tokenizers transformers jinja2 gguf
    venv/bin/python make_text_goldens.py ../resources/golden QWEN2.5-CODER.gguf SMOLLM2.gguf

tokenizer.json     a tiny byte-level vocabulary, and what the `tokenizers` library makes of awkward texts under each
                   pre-tokenizer
chat-templates.json  the chat templates out of the two GGUF files, and what transformers renders with them
"""

import io
import json
import sys
from pathlib import Path

from gguf import GGUFReader
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


def main(out, qwen, smollm):
    out.mkdir(parents=True, exist_ok=True)
    (out / "tokenizer.json").write_text(json.dumps(tokenizer_goldens(), indent=0, ensure_ascii=True) + "\n")
    (out / "tokenizer-hub.json").write_text(json.dumps(hub_goldens(), indent=0, ensure_ascii=True) + "\n")
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
