# shellcheck shell=bash
# guildhall help [TOPIC]

help_command() { # [TOPIC]
  case ${1:-} in
    '' | --help | -h) help_overview ;;
    up) help_up ;;
    down) help_down ;;
    status) help_status ;;
    logs) help_logs ;;
    repository) help_repository ;;
    review) help_review ;;
    search) help_search ;;
    model) help_model ;;
    test) help_test ;;
    bench) help_bench ;;
    help) printf 'usage: guildhall help [TOPIC]\n' ;;
    *) wrong_use "there is no help on '$1'" ;;
  esac
}

help_overview() {
  cat <<'TEXT'
usage: guildhall COMMAND [OPTIONS]

  up           starts the whole platform and shows a review of the demo's pull request
  down         stops it; all data stay
  status       names each part, its port, process, memory and health
  logs         shows what the parts log
  repository   add, list, remove: the repositories that are indexed and reviewed
  review       reviews the change between two revisions
  search       searches the indexed code
  model        list, pull, remove, info; generate, score: models, with and without the platform
  test         runs the tests
  bench        measures
  help         this page; help COMMAND says more, as COMMAND --help does

Every command takes --data DIR, the platform's data (GUILDHALL_DATA, default ~/.local/share/guildhall).
It exits with 0, with 1 when it failed, with 2 when it was called wrongly.
TEXT
}

help_up() {
  cat <<'TEXT'
usage: guildhall up [--detach] [--no-demo] [--model NAME] [--port PORT] [--data DIR]

Starts what does not run yet, in this order: PostgreSQL, Kafka and Keycloak, then the four services. The first time it
also installs what is missing, builds, and fetches a model. Everything listens on this machine only, and goes on
running after the command has ended. Called again, it starts what died, and leaves alone what runs.

  --detach      does not wait for the demo's review
  --no-demo     no demo
  --model NAME  a model of `guildhall model list`, or a .gguf file; otherwise that of the last start, or the one that
                suits the free memory
  --port PORT   where the web page is; otherwise that of the last start, or 8080, or the next free one
  --data DIR    another data directory: several platforms run side by side

Environment: JAVA_HOME, a JDK from 25 on; GUILDHALL_JDK_URL with GUILDHALL_JDK_SHA256, the archive of one to fetch;
GUILDHALL_CLASS_CACHE=off, to leave out the preparation of quick starts.
TEXT
}

help_down() {
  cat <<'TEXT'
usage: guildhall down [--data DIR]

Stops every process that `up` started, and no other. Data, ports and passwords stay for the next `up`.
TEXT
}

help_status() {
  cat <<'TEXT'
usage: guildhall status [--json] [--data DIR]

Each part with its port, process id, memory and health: up, starting, failed (it ended by itself, or does not answer),
down. Exits with 0 when all are up, else with 1.
TEXT
}

help_logs() {
  cat <<TEXT
usage: guildhall logs [PART] [-f] [--data DIR]

The log of one part, or the end of each part's log. -f goes on showing what is added.
Parts: ${PARTS[*]}
TEXT
}

help_repository() {
  cat <<'TEXT'
usage: guildhall repository add PATH|URL [--name NAME] [--json]
       guildhall repository list [--json]
       guildhall repository remove NAME [--json]

`add` registers a git repository, has it indexed, and prints the address and the secret for its webhook. The secret is
shown this once.
TEXT
}

help_review() {
  cat <<'TEXT'
usage: guildhall review --repository PATH|NAME --base REV --head REV [--fail-on low|medium|high] [--json]

Reviews what head changes against base, waits, and prints the findings. A repository that is not known yet is
registered first. With --fail-on, a finding of that severity or a graver one makes the exit code 1.
TEXT
}

help_search() {
  cat <<'TEXT'
usage: guildhall search QUERY [--repository NAME] [--limit N] [--json]

Searches the indexed code by meaning and by words, best first. N is 1 to 100, 10 unless told.
TEXT
}

help_model() {
  cat <<'TEXT'
usage: guildhall model list [--json]
       guildhall model pull NAME [--json]
       guildhall model remove NAME [--json]
       guildhall model info NAME|FILE|DIR [--context N] [--users N] [--check] [--json]
       guildhall model score    --model NAME|FILE (--tokens FILE | --text FILE) [--yarn FACTOR] [--logits FILE]
       guildhall model generate --model NAME|FILE (--tokens FILE | --prompt TEXT) [--max-tokens N] [--temperature T] [--seed N] [--json]
       guildhall model quantize IN OUT --type TYPE
       guildhall model upcycle IN OUT --experts N --per-token K [--seed N]
       guildhall model random OUT --config FILE --type TYPE [--tokenizer FILE] [--seed N]

`pull` fetches a model, goes on where an earlier attempt stopped, and accepts the file only when its SHA-256 is right.
`info` says what is in a file, in a directory with config.json and safetensors, or what a config.json alone stands for; the
memory it takes for N tokens (the model's own context) and N users (1), and whether that is free here. --check reads all
weights and names the first that is no finite number.
`score` and `generate` run the engine alone. Both take --backend scalar|vector, --threads N and --check.
`quantize` packs the weights of a GGUF file, or of a directory with config.json and safetensors, into fewer bits, and
`upcycle` makes a mixture of experts of a dense Qwen2.5 or Qwen3 that answers as before; both write GGUF, with the
vocabulary of tokenizer.json and the chat template of a directory (SentencePiece vocabularies are refused).
`random` writes a GGUF file of the shape that a config.json of the hub has, with random weights, to measure with; the
vocabulary is taken from another GGUF file, or made of bytes and pairs of bytes. TYPE is f32, f16, bf16, q4_0, q5_0, q8_0,
q4_k or q6_k.
TEXT
}

help_test() {
  cat <<'TEXT'
usage: guildhall test [scripts|java|web|e2e]...

Runs the tests, all kinds unless some are named, and ends with the line "N passed, N failed".

  scripts  shellcheck, the functions and programs of infra/local, infra/compose
  java     every module's unit and integration tests, against a PostgreSQL, Kafka and Keycloak of their own
  web      the web pages' tests
  e2e      the platform from `up` to `down`, in Chromium, with the 0.5B model
TEXT
}

help_bench() {
  cat <<'TEXT'
usage: guildhall bench [engine] [--quick] [--model NAME|FILE]... [--rounds N] [--threads N] [--output FILE]

engine: the engine alone and llama.cpp on the same files, in turns, and what eight users, a prompt that was seen before,
memory and a cold start cost. Prints the medians and the ratios, and writes them to docs/benchmarks/DATE-engine.md.
What it needs is installed and made first, llama.cpp among it (npm's node-llama-cpp).

  --quick       three turns, no long prompts, no users: some minutes instead of an hour
  --model NAME  a model of `guildhall model list`, a .gguf file, or mixture-TYPE: a mixture of experts with random
                weights of a type that `guildhall model random` knows. Default: qwen2.5-coder-1.5b, qwen2.5-coder-0.5b,
                mixture-q8_0, mixture-q4_0 (3.3 GB in the cache)
  --rounds N    turns (default 5)
  --threads N   of each engine (default: all cores)
  --output FILE where the report goes
TEXT
}
