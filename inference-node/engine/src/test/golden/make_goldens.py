#!/usr/bin/env python3
"""Makes the golden checkpoints of the engine's tests: tiny random models as GGUF, and what transformers computes for them.

Run by hand, never in CI (README.md beside this file tells how). The same versions give the same files: every draw is
seeded, and a model's weights are rounded to the stored type before the reference computes with them in float64.
"""

import gzip
import json
import pathlib
import sys

import gguf
import numpy as np
import torch
import transformers
from gguf import GGMLQuantizationType as Type
from safetensors.torch import save_file
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

OUT = pathlib.Path(__file__).parent.parent / "resources" / "golden"
VOCABULARY = 320
CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
QWEN2_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
TEXTS = [
    "return the value",
    "int total = 1234;\n\n    return total;\n",
    "it's  we'll\tnaïve – 漢字 🙂",
    "a<|im_end|>b",
]
EMBEDDED = [
    "return the value of the total",
    "Instruct: Given a question, find the line\nQuery:where is the total printed?",
    "it's  we'll\tnaïve – 漢字 🙂\n" * 3,
]


def make_tokenizer():
    """A byte-level BPE of 320 tokens, split as Qwen2 splits, learned from this script's own text."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN2_SPLIT), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(CONTROL),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    corpus = [
        "return the value of the total in the table",
        "if the result is not there then return nothing",
        "public static int total(int value) { return value + 1; }",
        "for each line in the file print the line",
    ]
    tokenizer.train_from_iterator(corpus, trainer)
    # Each text is encoded as data: control tokens are only in the vocabulary, never found in a text.
    tokenizer_json = json.loads(tokenizer.to_str())
    vocabulary = sorted(tokenizer_json["model"]["vocab"], key=tokenizer_json["model"]["vocab"].get)
    merges = [" ".join(pair) for pair in tokenizer_json["model"]["merges"]]
    assert len(vocabulary) == VOCABULARY - len(CONTROL), len(vocabulary)
    data = [{"text": text, "tokens": tokenizer.encode(text).ids} for text in TEXTS]
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in CONTROL])
    rendered = [{"text": text, "tokens": tokenizer.encode(text).ids} for text in TEXTS]
    embedded = [(text, tokenizer.encode(text).ids) for text in EMBEDDED]
    tokenizer.normalizer = normalizers.NFC()  # as Qwen's has it; the texts here are composed
    return vocabulary + CONTROL, merges, data, rendered, embedded, tokenizer.to_str()


def random_k_blocks(random, rows, columns, kind):
    """Random bytes that are valid blocks, with scales that make the values as small as trained weights."""
    block, size = gguf.GGML_QUANT_SIZES[kind]
    blocks = random.integers(0, 256, (rows * columns // block, size), dtype=np.uint8)

    def half(value):
        return np.frombuffer(np.float16(value).tobytes(), dtype=np.uint8)

    if kind == Type.Q2_K:
        blocks[:, 80:82] = half(0.002)
        blocks[:, 82:84] = half(0.003)
    elif kind == Type.Q3_K:
        blocks[:, 108:110] = half(3e-4)
    elif kind == Type.Q6_K:
        blocks[:, 208:210] = half(4e-5)
    elif kind in (Type.Q4_K, Type.Q5_K):
        levels = 7.5 if kind == Type.Q4_K else 15.5
        blocks[:, 0:2] = half(0.006 / levels)
        blocks[:, 2:4] = half(0.006)
    return blocks.reshape(rows, -1)


class Family:
    """What transformers and GGUF call a family of models, and what its configuration has beside the common part."""

    def __init__(self, gguf_name, transformers_name, theta, epsilon, **config):
        self.gguf_name, self.theta, self.epsilon, self.config = gguf_name, theta, epsilon, config
        self.model_class = getattr(transformers, f"{transformers_name}ForCausalLM")
        self.config_class = getattr(transformers, f"{transformers_name}Config")

    def make(self, rope, common):
        rope = {"rope_theta": self.theta, **rope}
        return self.model_class(
            self.config_class(rms_norm_eps=self.epsilon, rope_parameters=rope, **common, **self.config)
        )


QWEN2 = Family("qwen2", "Qwen2", 1_000_000.0, 1e-6)
LLAMA = Family("llama", "Llama", 10_000.0, 1e-5)
QWEN3 = Family("qwen3", "Qwen3", 1_000_000.0, 1e-6, head_dim=32)
QWEN3_MOE = Family(
    "qwen3moe",
    "Qwen3Moe",
    10_000_000.0,
    1e-6,
    head_dim=32,
    num_experts=8,
    num_experts_per_tok=3,
    moe_intermediate_size=32,
    norm_topk_prob=True,
    experts_implementation="eager",
)
QWEN2_MOE = Family(
    "qwen2moe",
    "Qwen2Moe",
    1_000_000.0,
    1e-6,
    num_experts=6,
    num_experts_per_tok=2,
    moe_intermediate_size=32,
    shared_expert_intermediate_size=64,
    norm_topk_prob=False,
    experts_implementation="eager",
)
MIXTRAL = Family(
    "llama",
    "Mixtral",
    1_000_000.0,
    1e-5,
    num_local_experts=4,
    num_experts_per_tok=2,
    experts_implementation="eager",
)

LATENT = dict(
    kv_lora_rank=32,
    qk_nope_head_dim=32,
    qk_rope_head_dim=16,
    v_head_dim=16,
    n_routed_experts=8,
    num_experts_per_tok=3,
    moe_intermediate_size=32,
    norm_topk_prob=True,
    first_k_dense_replace=1,
    experts_implementation="eager",
)
# As converters write it today: what takes latents to keys lies transposed, apart from what takes them to values.
DEEPSEEK_SPLIT = Family(
    "deepseek2",
    "DeepseekV3",
    10_000.0,
    1e-5,
    **LATENT,
    q_lora_rank=32,
    n_group=4,
    topk_group=2,
    n_shared_experts=1,
    routed_scaling_factor=2.5,
)
# As they wrote it before engines kept latents.
DEEPSEEK_JOINED = Family(
    "deepseek2",
    "DeepseekV3",
    10_000.0,
    1e-6,
    **LATENT,
    q_lora_rank=None,
    n_group=1,
    topk_group=1,
    n_shared_experts=2,
    routed_scaling_factor=1.0,
)
SMALL_LATENT = {**LATENT, "kv_lora_rank": 16, "qk_nope_head_dim": 8, "qk_rope_head_dim": 8, "moe_intermediate_size": 8}
KIMI = Family(
    "deepseek2",
    "DeepseekV3",
    50_000.0,
    1e-6,
    **SMALL_LATENT,
    q_lora_rank=24,
    n_group=1,
    topk_group=1,
    n_shared_experts=1,
    routed_scaling_factor=2.827,
)
DEEPSEEK_HALVES = Family(
    "deepseek2",
    "DeepseekV3",
    10_000.0,
    1e-6,
    **SMALL_LATENT,
    q_lora_rank=None,
    n_group=4,
    topk_group=2,
    n_shared_experts=2,
    routed_scaling_factor=1.5,
    rope_interleave=False,
)


class Checkpoint:
    """A tiny model: drawn at random, stored in its types, and computed by transformers on the stored values."""

    def __init__(
        self,
        name,
        family,
        types,
        tied,
        layers,
        hidden,
        heads,
        kv_heads,
        feed_forward,
        seed,
        rope=None,
        vocabulary=VOCABULARY,
    ):
        self.name, self.family, self.types, self.tied = name, family, types, tied
        self.vocabulary = vocabulary
        self.rope = rope or {"rope_type": "default"}
        self.config = dict(
            vocab_size=vocabulary,
            hidden_size=hidden,
            intermediate_size=feed_forward,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            num_key_value_heads=kv_heads,
            max_position_embeddings=128,
            tie_word_embeddings=tied,
            attn_implementation="eager",
            bos_token_id=None,
            eos_token_id=vocabulary - 1,
        )
        self.random = np.random.default_rng(seed)
        self.model = self.make(self.rope)
        self.stored = self.draw()
        self.load(self.model)

    def make(self, rope):
        return self.family.make(rope, self.config)

    def draw(self):
        """Every tensor as (GGUF name, type, stored array), and its value under its transformers name."""
        stored, self.values = [], {}
        buffers = [(name, buffer) for name, buffer in self.model.named_buffers() if "correction_bias" in name]
        for name, parameter in [*self.model.named_parameters(), *buffers]:
            shape = tuple(parameter.shape)
            if self.family is DEEPSEEK_SPLIT and "kv_b_proj" in name:
                stored += self.draw_keys_and_values(name, shape)
                continue
            if len(shape) == 1:
                kind = Type.F32
                centre = 1.0 if "norm" in name else 0.0
                raw = (centre + 0.2 * self.random.standard_normal(shape)).astype(np.float32)
            else:
                router = name.endswith(("mlp.gate.weight", "shared_expert_gate.weight"))
                kind = Type.F32 if router else self.types(name)
                if kind in (Type.Q4_K, Type.Q5_K, Type.Q6_K):
                    raw = random_k_blocks(self.random, *shape, kind)
                else:
                    scale = 1.5 / np.sqrt(shape[-1])
                    value = (scale * self.random.standard_normal(shape)).astype(np.float32)
                    raw = gguf.quants.quantize(value, kind)
            value = gguf.quants.dequantize(raw, kind).reshape(shape).astype(np.float32)
            self.values[name] = torch.from_numpy(value.copy())
            stored += [(stored_name, kind, part) for stored_name, part in self.parts(name, raw)]
        return stored

    def draw_keys_and_values(self, name, shape):
        """Each head's rows are those of its key, then those of its value; keys are stored with rows and columns exchanged."""
        plain, size, rank = (self.family.config[key] for key in ("qk_nope_head_dim", "v_head_dim", "kv_lora_rank"))
        heads = shape[0] // (plain + size)
        kind, block = self.types(name), self.gguf_name(name).removesuffix("attn_kv_b.weight")
        stored, values = [], {}
        for part, part_shape in (("k", (heads, rank, plain)), ("v", (heads, size, rank))):
            value = 1.5 / np.sqrt(rank) * self.random.standard_normal(part_shape)
            raw = gguf.quants.quantize(value.astype(np.float32), kind)
            stored.append((f"{block}attn_{part}_b.weight", kind, raw))
            values[part] = gguf.quants.dequantize(raw, kind).reshape(part_shape).astype(np.float32)
        joined = np.concatenate([values["k"].swapaxes(1, 2), values["v"]], axis=1)
        self.values[name] = torch.from_numpy(joined.reshape(shape).copy())
        return stored

    def parts(self, name, raw):
        """The tensors that a parameter becomes in the file: transformers has the experts' gate and up in one."""
        stored_name = self.gguf_name(name)
        if name.endswith("experts.gate_up_proj"):
            gate, up = np.split(raw, 2, axis=1)
            block = stored_name.removesuffix("mlp.experts.gate_up_proj")
            parts = ((f"{block}ffn_gate_exps.weight", gate), (f"{block}ffn_up_exps.weight", up))
            return [(part_name, np.ascontiguousarray(part)) for part_name, part in parts]
        if "shared_expert_gate" in name:
            raw = raw.reshape(-1)
        return [(stored_name, self.permuted(name, raw))]

    def permuted(self, name, raw):
        """llama's query and key rows as GGUF has them: pairs (i, i + half) of a head become neighbours."""
        if self.family.gguf_name != "llama" or not ("q_proj" in name or "k_proj" in name):
            return raw
        heads = self.config["num_attention_heads" if "q_proj" in name else "num_key_value_heads"]
        rows = raw.reshape(heads, 2, raw.shape[0] // heads // 2, *raw.shape[1:])
        return np.ascontiguousarray(rows.swapaxes(1, 2).reshape(raw.shape))

    @staticmethod
    def gguf_name(name):
        name = name.removeprefix("model.")
        for old, new in (
            ("layers.", "blk."),
            ("self_attn.q_proj", "attn_q"),
            ("self_attn.k_proj", "attn_k"),
            ("self_attn.v_proj", "attn_v"),
            ("self_attn.o_proj", "attn_output"),
            ("self_attn.q_norm", "attn_q_norm"),
            ("self_attn.k_norm", "attn_k_norm"),
            ("self_attn.q_a_proj", "attn_q_a"),
            ("self_attn.q_a_layernorm", "attn_q_a_norm"),
            ("self_attn.q_b_proj", "attn_q_b"),
            ("self_attn.kv_a_proj_with_mqa", "attn_kv_a_mqa"),
            ("self_attn.kv_a_layernorm", "attn_kv_a_norm"),
            ("self_attn.kv_b_proj", "attn_kv_b"),
            ("mlp.gate.e_score_correction_bias", "exp_probs_b.bias"),
            ("mlp.shared_experts.gate_proj", "ffn_gate_shexp"),
            ("mlp.shared_experts.up_proj", "ffn_up_shexp"),
            ("mlp.shared_experts.down_proj", "ffn_down_shexp"),
            ("mlp.shared_expert_gate", "ffn_gate_inp_shexp"),
            ("mlp.shared_expert.gate_proj", "ffn_gate_shexp"),
            ("mlp.shared_expert.up_proj", "ffn_up_shexp"),
            ("mlp.shared_expert.down_proj", "ffn_down_shexp"),
            ("mlp.experts.down_proj", "ffn_down_exps.weight"),
            ("mlp.gate.weight", "ffn_gate_inp.weight"),
            ("mlp.gate_proj", "ffn_gate"),
            ("mlp.up_proj", "ffn_up"),
            ("mlp.down_proj", "ffn_down"),
            ("post_attention_layernorm", "ffn_norm"),
            ("input_layernorm", "attn_norm"),
            ("embed_tokens", "token_embd"),
            ("lm_head", "output"),
        ):
            name = name.replace(old, new)
        return "output_norm.weight" if name == "norm.weight" else name

    def load(self, model):
        missing, unexpected = model.load_state_dict(self.values, strict=False)
        assert not unexpected and set(missing) <= {"lm_head.weight"}, (missing, unexpected)
        model.tie_weights()
        model.double().eval()

    def write(self, vocabulary, merges):
        writer = gguf.GGUFWriter(OUT / f"{self.name}.gguf", self.family.gguf_name)
        writer.add_name(self.name)
        writer.add_context_length(self.config["max_position_embeddings"])
        writer.add_embedding_length(self.config["hidden_size"])
        writer.add_block_count(self.config["num_hidden_layers"])
        writer.add_feed_forward_length(self.config["intermediate_size"])
        writer.add_head_count(self.config["num_attention_heads"])
        writer.add_head_count_kv(1 if self.family is DEEPSEEK_SPLIT else self.config["num_key_value_heads"])
        writer.add_layer_norm_rms_eps(self.family.epsilon)
        writer.add_rope_freq_base(self.family.theta)
        if self.family.gguf_name == "llama":
            writer.add_rope_dimension_count(self.config["hidden_size"] // self.config["num_attention_heads"])
            writer.add_vocab_size(VOCABULARY)
        self.write_shape(writer)
        if self.vocabulary == VOCABULARY:
            self.write_tokenizer(writer, vocabulary, merges)
        if self.rope["rope_type"] == "llama3":
            writer.add_tensor("rope_freqs.weight", self.frequency_divisors())
        for name, kind, raw in self.stored:
            writer.add_tensor(name, raw, raw_dtype=kind)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()

    @staticmethod
    def write_tokenizer(writer, vocabulary, merges):
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre("qwen2")
        writer.add_token_list(vocabulary)
        plain = len(vocabulary) - len(CONTROL)
        writer.add_token_types([gguf.TokenType.NORMAL] * plain + [gguf.TokenType.CONTROL] * len(CONTROL))
        writer.add_token_merges(merges)
        writer.add_eos_token_id(VOCABULARY - 1)
        writer.add_pad_token_id(VOCABULARY - 3)
        writer.add_add_bos_token(False)
        writer.add_chat_template(CHATML)

    def write_shape(self, writer):
        """What some families and settings have beside the rest."""
        config = self.family.config
        if "head_dim" in config:
            writer.add_key_length(config["head_dim"])
            writer.add_value_length(config["head_dim"])
        if "num_experts_per_tok" in config:
            counts = (config.get(key) for key in ("num_experts", "num_local_experts", "n_routed_experts"))
            writer.add_expert_count(next(filter(None, counts)))
            writer.add_expert_used_count(config["num_experts_per_tok"])
        if "moe_intermediate_size" in config:
            writer.add_expert_feed_forward_length(config["moe_intermediate_size"])
        if "shared_expert_intermediate_size" in config:
            writer.add_expert_shared_feed_forward_length(config["shared_expert_intermediate_size"])
        if "kv_lora_rank" in config:
            self.write_latent_shape(writer)
        if self.rope["rope_type"] == "yarn":
            writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
            writer.add_rope_scaling_factor(self.rope["factor"])
            writer.add_rope_scaling_orig_ctx_len(self.rope["original_max_position_embeddings"])
            writer.add_rope_scaling_yarn_beta_fast(self.rope["beta_fast"])
            writer.add_rope_scaling_yarn_beta_slow(self.rope["beta_slow"])
            if "mscale_all_dim" in self.rope:
                writer.add_rope_scaling_yarn_log_mul(0.1 * self.rope["mscale_all_dim"])

    def write_latent_shape(self, writer):
        config = self.family.config
        head, rotary, rank = config["qk_nope_head_dim"], config["qk_rope_head_dim"], config["kv_lora_rank"]
        if self.family is DEEPSEEK_SPLIT:
            writer.add_key_length(rank + rotary)
            writer.add_value_length(rank)
            writer.add_key_length_mla(head + rotary)
            writer.add_value_length_mla(config["v_head_dim"])
        else:
            writer.add_key_length(head + rotary)
            writer.add_value_length(config["v_head_dim"])
        if config["q_lora_rank"]:
            writer.add_q_lora_rank(config["q_lora_rank"])
        writer.add_kv_lora_rank(rank)
        writer.add_rope_dimension_count(rotary)
        writer.add_leading_dense_block_count(config["first_k_dense_replace"])
        writer.add_expert_shared_count(config["n_shared_experts"])
        writer.add_expert_weights_scale(config["routed_scaling_factor"])
        writer.add_expert_weights_norm(config["norm_topk_prob"])
        writer.add_expert_gating_func(gguf.ExpertGatingFuncType.SIGMOID)
        writer.add_expert_group_count(config["n_group"])
        writer.add_expert_group_used_count(config["topk_group"])

    def write_hub(self, dtype, changes):
        """The same as a directory of the hub, in several files; what is computed from then on is of the rounded values."""
        self.values = {name: value.to(dtype).to(torch.float32) for name, value in self.values.items()}
        self.load(self.model)
        model = self.make(self.rope)
        self.load(model)
        directory = OUT / f"{self.name}-hub"
        model.to(dtype).save_pretrained(directory, max_shard_size="100KB")
        (directory / "generation_config.json").unlink()
        config = json.loads((directory / "config.json").read_text())
        (directory / "config.json").write_text(json.dumps({**config, **changes}, indent=2) + "\n")

    def write_fp8(self):
        """As the hub has models of eight-bit floats: a scale for each square of 128 numbers of a matrix, the rest in bf16."""
        stored = {}
        for name, value in self.values.items():
            if value.dim() != 2 or "embed_tokens" in name:
                stored[name] = value.to(torch.bfloat16)
                self.values[name] = stored[name].to(torch.float32)
                continue
            codes = torch.empty(value.shape, dtype=torch.float8_e4m3fn)
            scales = torch.empty([-(-size // 128) for size in value.shape])
            exact = torch.empty(value.shape)
            for row, column in np.ndindex(*scales.shape):
                square = (slice(128 * row, 128 * row + 128), slice(128 * column, 128 * column + 128))
                scales[row, column] = value[square].abs().max() / torch.finfo(codes.dtype).max
                codes[square] = (value[square] / scales[row, column]).to(codes.dtype)
                exact[square] = codes[square].to(torch.float32) * scales[row, column]
            stored[name], stored[name + "_scale_inv"] = codes, scales
            self.values[name] = exact
        self.load(self.model)
        directory = OUT / f"{self.name}-hub"
        self.model.config.save_pretrained(directory)
        config = json.loads((directory / "config.json").read_text())
        config["quantization_config"] = {
            "activation_scheme": "dynamic",
            "fmt": "e4m3",
            "quant_method": "fp8",
            "weight_block_size": [128, 128],
        }
        (directory / "config.json").write_text(json.dumps(config, indent=2) + "\n")
        save_file(stored, directory / "model.safetensors", {"format": "pt"})

    def frequency_divisors(self):
        """GGUF's way to store llama3's scaling: by what each plain frequency was divided."""
        dimensions = self.config["hidden_size"] // self.config["num_attention_heads"]
        plain = self.family.theta ** (-np.arange(0, dimensions, 2) / dimensions)
        return (plain / self.model.model.rotary_emb.inv_freq.numpy()).astype(np.float32)

    def expected_with_yarn(self, positions, rows, factor):
        """The same weights under a factor that is not the file's: an engine is asked for it."""
        context = self.rope.get("original_max_position_embeddings", self.config["max_position_embeddings"])
        own = self.rope if self.rope["rope_type"] == "yarn" else {}
        rope = {**own, "rope_type": "yarn", "factor": factor, "original_max_position_embeddings": context}
        model = self.make(rope)
        self.load(model)
        yarn = {"factor": factor, "originalContextLength": context}
        return self.expected(model, positions, rows, {"yarn": yarn})

    def embeddings(self, texts):
        """As Qwen3-Embedding's card has it: the last token's state, of length 1, after the token that ends every text."""
        cases = []
        for text, tokens in texts:
            tokens = [*tokens, VOCABULARY - len(CONTROL)]
            with torch.no_grad():
                state = self.model.model(torch.tensor([tokens])).last_hidden_state[0, -1]
            whole, short = (torch.nn.functional.normalize(state[:size], dim=0) for size in (len(state), 24))
            rounded = [[float(f"{x:.8g}") for x in vector.tolist()] for vector in (whole, short)]
            cases.append({"text": text, "tokens": tokens, "vector": rounded[0], "short": rounded[1]})
        return cases

    def expected(self, model, positions, rows, extra):
        tokens = self.random.integers(0, self.vocabulary - len(CONTROL), positions).tolist()
        with torch.no_grad():
            logits = model(torch.tensor([tokens])).logits[0][-rows:]
            sequence, greedy = list(tokens), []
            for _ in range(12):
                greedy.append(int(model(torch.tensor([sequence])).logits[0, -1].argmax()))
                sequence.append(greedy[-1])
        rounded = [[float(f"{x:.6g}") for x in row] for row in logits.tolist()]
        return {**extra, "tokens": tokens, "logits": rounded, "greedy": greedy}


def write_json(name, document):
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
    if name.endswith(".gz"):
        (OUT / name).write_bytes(gzip.compress(text.encode(), mtime=0))
    else:
        (OUT / name).write_text(text)


def dequantization():
    """Three random blocks of each stored type, and their values."""
    random = np.random.default_rng(7)
    kinds = [Type.F16, Type.BF16, Type.Q4_0, Type.Q4_1, Type.Q5_0, Type.Q5_1, Type.Q8_0]
    kinds += [Type.Q4_K, Type.Q5_K, Type.Q6_K, Type.Q2_K, Type.Q3_K, Type.IQ4_NL, Type.MXFP4]
    vectors = {}
    for kind in kinds:
        if kind in (Type.F16, Type.BF16):
            raw = gguf.quants.quantize(random.standard_normal((1, 32)).astype(np.float32), kind).view(np.uint8)
        elif kind == Type.MXFP4:
            raw = random.integers(0, 256, (3, 17), dtype=np.uint8)
            raw[:, 0] = [0, 1, 120]
        elif kind in (Type.Q2_K, Type.Q3_K, Type.Q4_K, Type.Q5_K, Type.Q6_K):
            raw = random_k_blocks(random, 3, 256, kind)
        else:
            size = gguf.GGML_QUANT_SIZES[kind][1]
            raw = random.integers(0, 256, (3, size), dtype=np.uint8)
            raw[:, 0:2] = np.frombuffer(np.float16(0.0123).tobytes(), dtype=np.uint8)
            if kind in (Type.Q4_1, Type.Q5_1):
                raw[:, 2:4] = np.frombuffer(np.float16(-0.21).tobytes(), dtype=np.uint8)
        stored = raw.view({Type.F16: np.float16, Type.BF16: np.uint8}.get(kind, np.uint8))
        values = gguf.quants.dequantize(stored, kind).reshape(-1)
        # Nine digits name a float32 exactly.
        vectors[kind.name] = {
            "ggmlType": int(kind),
            "bytes": raw.reshape(-1).tobytes().hex(),
            "values": [float(f"{x:.9g}") for x in values.tolist()],
        }
    write_json("dequantization.json", vectors)


ROTATIONS = {
    "qwen3-coder": (transformers.Qwen3Config, 128, 1e7, 262_144, dict()),
    "qwen3-coder to a million": (transformers.Qwen3Config, 128, 1e7, 262_144, dict(factor=4.0)),
    "llama 3": (
        transformers.LlamaConfig,
        64,
        5e5,
        8192,
        dict(rope_type="llama3", factor=32.0, low_freq_factor=1.0, high_freq_factor=4.0),
    ),
    "betas": (transformers.Qwen2Config, 64, 1e6, 32_768, dict(factor=4.0, beta_fast=16.0, beta_slow=2.0)),
    "fractional ends": (transformers.Qwen2Config, 64, 1e6, 32_768, dict(factor=8.0, truncate=False)),
    "own attention factor": (transformers.Qwen2Config, 64, 1e6, 32_768, dict(factor=2.0, attention_factor=1.25)),
    "kimi": (
        transformers.DeepseekV3Config,
        64,
        5e4,
        4096,
        dict(factor=32.0, beta_fast=1.0, beta_slow=1.0, mscale=1.0, mscale_all_dim=1.0),
    ),
    "unequal scales": (transformers.DeepseekV3Config, 64, 1e4, 4096, dict(factor=40.0, mscale=1.0, mscale_all_dim=0.707)),
}


def rotary():
    """Cosines and sines of heads as transformers computes them, in f32, up to the last of a million positions."""
    cases = []
    for name, (kind, dimensions, theta, original, scaling) in ROTATIONS.items():
        rope = {"rope_type": "yarn" if scaling else "default", "rope_theta": theta, **scaling}
        if scaling:
            rope["original_max_position_embeddings"] = original
        heads = dict(qk_rope_head_dim=dimensions) if kind is transformers.DeepseekV3Config else dict(head_dim=dimensions)
        positions = [1, original + 1, 2**20 - 1]
        config = kind(rope_parameters=rope, max_position_embeddings=2**20, **heads)
        module = sys.modules[kind.__module__.replace("configuration", "modeling")]
        prefix = kind.__name__.removesuffix("Config")
        embedding = getattr(module, f"{prefix}RotaryEmbedding")(config)
        cosines, sines = embedding(torch.zeros(1, dtype=torch.float32), torch.tensor([positions]))
        scale = module.yarn_apply_mscale(rope, 1.0) if prefix == "DeepseekV3" else 1.0
        digits = lambda tensor: [float(f"{x:.9g}") for x in tensor.reshape(-1).tolist()]
        cases.append(
            {
                "name": name,
                "modelType": config.model_type,
                "dimensions": dimensions,
                "rope": {**rope, "original_max_position_embeddings": original},
                "frequencies": digits(embedding.inv_freq),
                "positions": positions,
                "cosines": [digits(row[: dimensions // 2]) for row in cosines[0]],
                "sines": [digits(row[: dimensions // 2]) for row in sines[0]],
                "scoreScale": scale,
            }
        )
    write_json("rotary.json.gz", cases)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    vocabulary, merges, data, rendered, embedded, tokenizer_json = make_tokenizer()
    write_json("tokenizer.expected.json", {"data": data, "withControlTokens": rendered})
    dequantization()
    rotary()

    def all_of(kind):
        return lambda name: kind

    def halves(name):
        return Type.BF16 if "mlp" in name else Type.F16

    def mixed(name):
        if "embed_tokens" in name or "v_proj" in name:
            return Type.Q8_0
        return Type.Q5_0 if "down_proj" in name else Type.Q4_1 if "o_proj" in name else Type.Q4_0

    def k_quants(name):
        if "embed_tokens" in name or "v_proj" in name or "down_proj" in name:
            return Type.Q6_K
        return Type.Q5_K if "o_proj" in name else Type.Q4_K

    def small_experts(name):
        return Type.Q4_0 if "experts" in name else Type.Q8_0

    small = dict(hidden=64, heads=4, kv_heads=2, feed_forward=64)
    q8, f32 = all_of(Type.Q8_0), all_of(Type.F32)
    llama3 = dict(
        rope_type="llama3",
        factor=8.0,
        low_freq_factor=1.0,
        high_freq_factor=4.0,
        original_max_position_embeddings=32,
    )
    own_yarn = dict(
        rope_type="yarn", factor=4.0, original_max_position_embeddings=32, beta_fast=8.0, beta_slow=0.5
    )
    latent_yarn = dict(
        rope_type="yarn",
        factor=4.0,
        original_max_position_embeddings=32,
        beta_fast=32.0,
        beta_slow=1.0,
        mscale=0.707,
        mscale_all_dim=0.707,
    )
    narrow = dict(hidden=32, heads=4, kv_heads=2, feed_forward=64)
    latent = dict(hidden=32, heads=2, kv_heads=2, feed_forward=32, vocabulary=96)
    checkpoints = [
        Checkpoint("qwen2-tied-f32", QWEN2, f32, True, 2, **narrow, seed=1),
        Checkpoint("qwen2-untied-f16", QWEN2, halves, False, 2, **narrow, seed=2),
        Checkpoint("qwen2-tied-q4", QWEN2, mixed, True, 3, **small, seed=3),
        Checkpoint("llama-tied-f32", LLAMA, f32, True, 2, **narrow, seed=4),
        Checkpoint("llama-untied-q8", LLAMA, q8, False, 2, **small, seed=5),
        Checkpoint("qwen2-tied-k", QWEN2, k_quants, True, 1, hidden=256, heads=4, kv_heads=1, feed_forward=256, seed=6),
        Checkpoint("llama3-tied-q8", LLAMA, q8, True, 2, **small, seed=7, rope=llama3),
        Checkpoint("qwen3-tied-q8", QWEN3, q8, True, 2, **small, seed=8),
        Checkpoint("qwen3moe-untied-q4", QWEN3_MOE, small_experts, False, 2, **small, seed=9),
        Checkpoint("qwen2moe-untied-q4", QWEN2_MOE, small_experts, False, 2, **small, seed=10),
        Checkpoint("mixtral-untied-q8", MIXTRAL, q8, False, 2, **small, seed=11),
        Checkpoint("qwen2-yarn-q8", QWEN2, q8, True, 1, **small, seed=12, rope=own_yarn),
        Checkpoint("deepseek-split-q8", DEEPSEEK_SPLIT, q8, False, 3, **latent, seed=17, rope=latent_yarn),
        Checkpoint("deepseek-joined-q8", DEEPSEEK_JOINED, q8, True, 2, **latent, seed=18),
    ]
    tiny = dict(hidden=32, heads=2, kv_heads=1, feed_forward=32)
    bf16 = all_of(Type.BF16)
    ramp = {**own_yarn, "beta_fast": 4.0, "truncate": False, "attention_factor": 1.2}
    kimi_yarn = {**latent_yarn, "beta_fast": 1.0, "mscale": 1.0, "mscale_all_dim": 1.0}
    hub_checkpoints = [
        (Checkpoint("llama3-tied-f32", LLAMA, f32, True, 2, **tiny, seed=13, rope=llama3), torch.float32, {}),
        (
            Checkpoint("qwen3-untied-bf16", QWEN3, bf16, False, 2, **tiny, seed=21, rope=ramp, vocabulary=96),
            torch.bfloat16,
            {},
        ),
        (Checkpoint("qwen3moe-bf16", QWEN3_MOE, bf16, False, 1, **tiny, seed=14), torch.bfloat16, {}),
        (Checkpoint("qwen2moe-bf16", QWEN2_MOE, bf16, False, 1, **tiny, seed=15), torch.bfloat16, {}),
        (Checkpoint("mixtral-bf16", MIXTRAL, bf16, True, 1, **tiny, seed=16), torch.bfloat16, {}),
        (
            Checkpoint("kimi-bf16", KIMI, bf16, False, 3, **latent, seed=19, rope=kimi_yarn),
            torch.bfloat16,
            {"model_type": "kimi_k2", "architectures": ["DeepseekV3ForCausalLM"]},
        ),
        (Checkpoint("deepseek-halves-bf16", DEEPSEEK_HALVES, bf16, True, 2, **latent, seed=20), torch.bfloat16, {}),
    ]
    by_name = {checkpoint.name: checkpoint for checkpoint in checkpoints}
    for checkpoint in checkpoints:
        checkpoint.write(vocabulary, merges)
        # A model with a stretched context is looked at beyond the original one.
        positions = 8 if checkpoint.rope["rope_type"] == "default" else 40
        write_json(f"{checkpoint.name}.expected.json", checkpoint.expected(checkpoint.model, positions, 8, {}))

    for checkpoint, dtype, changes in hub_checkpoints:
        checkpoint.write_hub(dtype, changes)
        positions = 8 if checkpoint.rope["rope_type"] == "default" else 40
        write_json(f"{checkpoint.name}-hub.expected.json", checkpoint.expected(checkpoint.model, positions, 8, {}))

    (OUT / "llama3-tied-f32-hub" / "tokenizer.json").write_text(tokenizer_json + "\n")

    fp8 = Checkpoint("qwen3-fp8", QWEN3, f32, True, 1, 32, 2, 1, 136, seed=22, vocabulary=96)
    fp8.write_fp8()
    write_json("qwen3-fp8-hub.expected.json", fp8.expected(fp8.model, 8, 8, {}))

    write_json("qwen3-tied-q8.embedding.expected.json", by_name["qwen3-tied-q8"].embeddings(embedded))
    for name, factor in (
        ("qwen2-tied-f32", 4.0),
        ("qwen3moe-untied-q4", 2.0),
        ("deepseek-split-q8", 8.0),
        ("deepseek-joined-q8", 2.0),
    ):
        write_json(f"{name}.yarn.expected.json", by_name[name].expected_with_yarn(150, 8, factor))
    total = sum(file.stat().st_size for file in OUT.rglob("*") if file.is_file())
    print(f"torch {torch.__version__}, transformers {transformers.__version__}, {total:,} bytes in {OUT}")


if __name__ == "__main__":
    main()
