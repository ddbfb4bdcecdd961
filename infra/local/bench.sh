# shellcheck shell=bash
# guildhall bench engine: the engine and llama.cpp on the same models in turns. What it needs is fetched and made first.

PEER_VERSION=3.22.1

bench_command() {
  local rounds=5 serving_rounds=1 long=true threads output='' wanted=()
  take_common_options bench "$@"
  set -- "${arguments[@]}"
  if (($# > 0)) && [[ $1 != --* ]]; then
    [[ $1 == engine ]] || wrong_use "bench has no '$1'" 'guildhall bench --help'
    shift
  fi
  threads=$(nproc)
  while (($# > 0)); do
    case $1 in
      --quick)
        rounds=3
        serving_rounds=0
        long=false
        shift
        continue
        ;;
      --rounds | --threads) [[ ${2:-} =~ ^[1-9][0-9]{0,2}$ ]] || wrong_use "$1 needs a number from 1 to 999" 'guildhall bench --help' ;;
      --model | --output) [[ -n ${2:-} ]] || wrong_use "$1 needs a value" 'guildhall bench --help' ;;
      *) wrong_use "bench has no option '$1'" 'guildhall bench --help' ;;
    esac
    case $1 in
      --rounds) rounds=$2 ;;
      --threads) threads=$2 ;;
      --model) wanted+=("$2") ;;
      --output) output=$2 ;;
    esac
    shift 2
  done
  ((${#wanted[@]} > 0)) || wanted=(qwen2.5-coder-1.5b qwen2.5-coder-0.5b mixture-q8_0 mixture-q4_0)
  prepare_tools
  must_run_steps "llama.cpp (node-llama-cpp $PEER_VERSION)|install_peer" >&2
  run_bench "$rounds" "$serving_rounds" "$long" "$threads" "$(realpath --canonicalize-missing -- "${output:-$(bench_file)}")" "${wanted[@]}"
}

bench_file() { printf '%s/docs/benchmarks/%s-engine.md' "$project_dir" "$(date +%F)"; }

peer_directory() { printf '%s/bench/node-llama-cpp-%s' "$cache_dir" "$PEER_VERSION"; }

install_peer() { with_lock "$(peer_directory).lock" cached_directory "$(peer_directory)" unpack_peer; }

# Only this machine's binaries: the package's optional dependencies are those of all machines and their graphics cards.
unpack_peer() { # DIRECTORY
  (
    cd "$1"
    printf '{"private":true}\n' >package.json
    npm install --ignore-scripts --omit=optional --no-audit --no-fund --no-package-lock --silent \
      "node-llama-cpp@$PEER_VERSION" "@node-llama-cpp/linux-$(node --print process.arch)@$PEER_VERSION"
  ) || die 'llama.cpp could not be installed' 'check that npm reaches its registry (npm config get registry)'
}

# A mixture of experts has no weights that could be fetched: random ones take the same time.
mixture_file() { # TYPE
  local file=$cache_dir/bench/mixture-$1.gguf
  if [[ ! -f $file ]]; then
    mkdir -p "${file%/*}"
    node_command -Xmx1g dev.guildhall.engine.EngineCommand random "$file.new" --config "$project_dir/infra/bench/mixture.json" --type "$1" >&2 \
      || die "the model of random weights could not be written to $file" 'it takes up to 2.2 GB; see the messages above'
    mv "$file.new" "$file"
  fi
  printf '%s' "$file"
}

run_bench() { # ROUNDS SERVING_ROUNDS LONG THREADS OUTPUT MODEL...
  local name file models='' revision
  for name in "${@:6}"; do
    case $name in
      mixture-*) file=$(mixture_file "${name#mixture-}") ;;
      *) file=$(model_file "$name") ;;
    esac
    [[ -f $file ]] || die "there is no model $name" 'guildhall model list names the models that can be fetched'
    models+="${models:+,}{\"name\":$(json_text "$name"),\"file\":$(json_text "$file"),\"javaOptions\":$(engine_java_options "$(weights_bytes "$file")" | json_texts)}"
  done
  revision=$(git -C "$project_dir" describe --always --dirty 2>/dev/null) || revision='an unknown revision'
  node "$project_dir/infra/bench/engine.mjs" "{
    \"rounds\": $1, \"servingRounds\": $2, \"long\": $3, \"threads\": $4, \"output\": $(json_text "$5"), \"models\": [$models],
    \"date\": \"$(date +%F)\", \"revision\": $(json_text "$revision"), \"javaVersion\": $(json_text "JDK $(jdk_version "$java_home")"),
    \"peerVersion\": \"$PEER_VERSION\", \"packages\": $(json_text "$(peer_directory)"), \"java\": $(json_text "$java_home/bin/java"),
    \"javaOptions\": [\"-XX:+UseSerialGC\", \"--add-modules\", \"jdk.incubator.vector\", \"--enable-native-access=ALL-UNNAMED\",
      \"-cp\", $(json_text "$(node_class_path)")]
  }"
}

# A JSON array of the lines of standard input.
json_texts() {
  local line texts=''
  while read -r line; do texts+="${texts:+, }$(json_text "$line")"; done
  printf '[%s]' "$texts"
}

# A JSON string.
json_text() { # TEXT
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}
