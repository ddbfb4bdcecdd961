# shellcheck shell=bash
# Commands that speak to the running platform over REST, and those of the inference node that need no platform.

# Takes --data and --help out of the arguments; the rest is left in `arguments`.
arguments=()
take_common_options() { # TOPIC ARGUMENTS...
  local topic=$1
  shift
  arguments=()
  while (($# > 0)); do
    case $1 in
      --data)
        take_data_option "$@"
        shift
        ;;
      --help | -h)
        help_command "$topic"
        exit 0
        ;;
      *) arguments+=("$1") ;;
    esac
    shift
  done
}

remote_command() { # COMMAND ARGUMENTS...
  local command=$1
  take_common_options "$@"
  if [[ -f $(ports_file) ]]; then read_settings "$(ports_file)"; fi
  have node || die 'Node.js is missing' 'guildhall up installs it'
  # Wrong use is said even when nothing runs, so the program is started in any case.
  if living_pid "$(pid_file platform-api)" >/dev/null; then
    export_value GUILDHALL_URL "$(public_url)"
    export_value GUILDHALL_API_KEY "$(secret api-key)"
  else
    unset GUILDHALL_URL GUILDHALL_API_KEY
  fi
  exec node "$project_dir/infra/local/client/$command.mjs" "${arguments[@]}"
}

# The tools of the newest build, made when there is none.
prepare_tools() {
  need_tools >&2
  source_hash=$(source_hash)
  must_run_steps "building (first time only)|build_services $source_hash" >&2
}

model_command() {
  local verb=${1:-}
  case $verb in
    '' | --help | -h)
      help_command model
      [[ -n $verb ]] || exit 2
      return
      ;;
    list | pull | remove | info | pick)
      take_common_options model "$@"
      prepare_tools
      if [[ $verb != pull ]] || have pip3 || have pip || have python3; then :; else install_packages 'fetching models' python3-pip; fi
      model_tool "${arguments[@]}" --models-dir "$(models_dir)"
      ;;
    score | generate)
      take_common_options model "$@"
      prepare_tools
      engine_command dev.guildhall.engine.EngineCommand "${arguments[@]}"
      ;;
    quantize | upcycle | random)
      take_common_options model "$@"
      prepare_tools
      node_command -Xmx1g dev.guildhall.engine.EngineCommand "${arguments[@]}"
      ;;
    *) wrong_use "model has no '$verb'" 'guildhall model --help' ;;
  esac
}
