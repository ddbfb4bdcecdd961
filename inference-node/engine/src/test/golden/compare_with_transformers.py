"""Compares the engine with transformers on a real model: the same file, dequantised there, computed in float32.

Run on a developer's machine, never in CI:
    VENV/bin/python compare_with_transformers.py GUILDHALL MODEL.gguf FILE…

GUILDHALL is the script of that name. The texts are FILE… and a passage of mixed scripts, each cut to LENGTH characters. Compared are
the tokens of each text, the log-probability of each token after those before it, and 64 greedy tokens that follow the first 256.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from tokenizers import normalizers
from transformers import AutoModelForCausalLM, AutoTokenizer

LENGTH = 4000
MIXED = (
    "Der Prüfer liest die Änderung: Größe, Straße, naïve Annahmen — und schreibt 3 Anmerkungen.\n"
    "Проверка кода: деление на ноль в строке 42, ошибка «NullPointerException» не обработана.\n"
    "コードレビューでは、例外処理とトランザクション境界を確認します。返金額は1,234円です。\n"
    "代码审查发现:循环边界错误,数组越界,SQL注入风险。请使用参数化查询。\n"
    "مراجعة الشيفرة: يجب التحقق من المدخلات قبل الاستعلام، ثم إغلاق الاتصال.\n"
    "ตรวจสอบโค้ด: ค่าที่ส่งคืนอาจเป็น null 🙂🚀 déjà-vu, œuvre, İstanbul, ﬁle, a\u0301e\u0308.\n"
    "कोड समीक्षा: लूप की सीमा गलत है। बदलाव से पहले परीक्षण जोड़ें।\n"
    "Έλεγχος κώδικα: η συνθήκη είναι αντίστροφη. 코드 리뷰: 경계 조건을 확인하세요.\n"
)


def engine(guildhall, *arguments):
    out = subprocess.run([guildhall, "model", *arguments], check=True, stdout=subprocess.PIPE).stdout
    return json.loads(out)


def main():
    guildhall, model_file, files = sys.argv[1], Path(sys.argv[2]).resolve(), sys.argv[3:]
    source = dict(pretrained_model_name_or_path=str(model_file.parent), gguf_file=model_file.name)
    tokenizer = AutoTokenizer.from_pretrained(**source)
    # The hub's tokenizer.json of these models has it; transformers' reading of GGUF files leaves it out.
    tokenizer.backend_tokenizer.normalizer = normalizers.NFC()
    model = AutoModelForCausalLM.from_pretrained(**source, dtype=torch.float32).eval()
    texts = {Path(file).name: Path(file).read_text()[:LENGTH] for file in files} | {"mixed scripts": MIXED * 3}
    worst, total, count, engine_loss, reference_loss = 0.0, 0.0, 0, 0.0, 0.0
    with tempfile.TemporaryDirectory() as scratch:
        for name, text in texts.items():
            whole = Path(scratch, "text")
            whole.write_text(text)
            tokens = tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"]
            scored = engine(guildhall, "score", "--model", str(model_file), "--text", str(whole))
            assert scored["tokens"] == tokens, f"{name}: the tokens differ"
            with torch.inference_mode():
                logits = model(torch.tensor([tokens])).logits[0]
            reference = torch.log_softmax(logits.double(), -1)[:-1].gather(1, torch.tensor(tokens[1:])[:, None])[:, 0]
            difference = (torch.tensor(scored["logprobs"]).double() - reference).abs()
            engine_loss -= sum(scored["logprobs"])
            reference_loss -= reference.sum().item()
            print(f"{name}: {len(tokens)} tokens, mean {difference.mean():.6f}, max {difference.max():.6f}")
            worst, total, count = max(worst, difference.max().item()), total + difference.sum().item(), count + len(difference)
        prompt = tokenizer(next(iter(texts.values())), add_special_tokens=False, split_special_tokens=True)["input_ids"][:256]
        file = Path(scratch, "tokens.json")
        file.write_text(json.dumps(prompt))
        made = engine(
            guildhall, "generate", "--json", "--model", str(model_file), "--tokens", str(file), "--max-tokens", "64", "--temperature", "0"
        )["tokens"]
        with torch.inference_mode():
            greedy = model.generate(
                torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt)), max_new_tokens=64, do_sample=False, repetition_penalty=1.0
            )[0, len(prompt) :].tolist()
        same = next((i for i, (a, b) in enumerate(zip(made, greedy)) if a != b), min(len(made), len(greedy)))
    print(
        f"{count} log-probabilities: mean |Δ| {total / count:.6f}, max {worst:.6f};"
        f" mean loss {engine_loss / count:.5f}, reference {reference_loss / count:.5f}; greedy: the first {same} of {len(greedy)} tokens agree"
    )


main()
