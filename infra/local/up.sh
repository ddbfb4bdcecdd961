# shellcheck shell=bash
# guildhall up and guildhall down.

model=''
source_hash=''

# Holds the data directory for one command at a time, by a lock that ends with the process, however it ends.
lock_data_directory() { # COMMAND
  exec 9>>"$data_dir/lock"
  if ! flock --nonblock 9; then
    die "another guildhall command is at work in $(pretty_path "$data_dir"): $(cat "$data_dir/lock")" 'wait until it has ended, or use another data directory with --data'
  fi
  printf '%s, process %d\n' "$1" $$ >"$data_dir/lock"
}

up_command() {
  local detach='' demo=1 model_wanted=''
  while (($# > 0)); do
    case $1 in
      --detach) detach=1 ;;
      --no-demo) demo='' ;;
      --data) take_data_option "$@" && shift ;;
      --port)
        [[ ${2:-} =~ ^[0-9]+$ ]] && ((10#$2 > 0 && 10#$2 < 65536)) || wrong_use "--port takes a number from 1 to 65535, not '${2:-}'"
        web_port_wanted=$((10#$2))
        shift
        ;;
      --model)
        [[ -n ${2:-} ]] || wrong_use '--model takes a name' 'guildhall model list'
        model_wanted=$2
        shift
        ;;
      --help | -h) help_command up && return ;;
      *) wrong_use "up has no option '$1'" 'guildhall up --help' ;;
    esac
    shift
  done
  create_data_directory
  lock_data_directory 'guildhall up'
  printf 'Guildhall %s · data in %s · logs in %s\n' "$(guildhall_version)" "$(pretty_path "$data_dir")" "$(pretty_path "$data_dir/logs")"
  trap interrupted INT TERM
  start_platform "$model_wanted"
  if [[ -n $demo && -f $project_dir/infra/local/demo/run ]]; then show_demo "$detach"; else printf 'Open %s\n' "$(public_url)"; fi
  printf 'sign in as admin / %s   ·   %s down stops everything\n' "$(secret admin-password)" "$(own_name)"
}

interrupted() {
  trap '' INT TERM
  end_descendants $$
  say '' 'stopped. What was started goes on: guildhall down ends it, guildhall up continues.'
  exit 130
}

# How the person called this command, as far as it is known.
own_name() { if [[ $0 == */* ]]; then printf '%s' "$0"; else printf 'guildhall'; fi; }

# Runs after the services: a pull request of our own goes through all of them.
show_demo() { # DETACHED
  export GUILDHALL_DATA=$data_dir GUILDHALL_URL
  GUILDHALL_URL=$(public_url)
  export_value GUILDHALL_API_KEY "$(secret api-key)"
  if [[ -n $1 ]]; then
    start_process "$(pid_file demo)" "$data_dir/logs/demo.log" "$project_dir/infra/local/demo/run"
    printf 'The demo review is on its way: %s/reviews\n' "$GUILDHALL_URL"
  else
    "$project_dir/infra/local/demo/run" 9>&- || die 'the demo review did not end well' 'the services go on running; their logs: guildhall logs review-bot'
  fi
}

start_platform() { # MODEL_WANTED
  local started steps=() service
  started=$(now_millis)
  need_tools
  step_line ✓ "Java $(jdk_version "$java_home") ($java_home)" $(($(now_millis) - started))
  create_secrets
  choose_ports
  source_hash=$(source_hash)
  if [[ -f $(build_dir "$source_hash")/completed ]]; then
    build_services "$source_hash"
  else
    must_run_steps "building the services and the web page, first time only|build_services $source_hash"
  fi
  choose_model "$1"
  stop_outdated_parts
  must_run_steps 'PostgreSQL|start_postgresql'
  service_database
  # The slowest to start, Keycloak and the inference node, get a lead, unless there is something to prepare and to show
  # about them first.
  if [[ -f $(keycloak_class_cache) ]]; then launch_keycloak; fi
  if services_are_trained || [[ ${GUILDHALL_CLASS_CACHE:-} == off ]]; then
    for service in "${SERVICES[@]}"; do steps+=("$service|start_service $service"); done
    must_run_steps "model $model|pull_model $model"
    launch_service inference-node
    must_run_steps 'Kafka|start_kafka'
    must_run_steps 'Keycloak|start_keycloak' "${steps[@]}"
  else
    must_run_steps 'Kafka|start_kafka' 'Keycloak|start_keycloak' "model $model|pull_model $model"
    must_run_steps 'prepared quick starts (first time only)|train_services'
    for service in "${SERVICES[@]}"; do steps+=("$service|start_service $service"); done
    must_run_steps "${steps[@]}"
  fi
}

# The model asked for, else that of the last start, else the one that suits this machine.
choose_model() { # MODEL_WANTED
  local kept=$data_dir/model
  if [[ $1 == */* || $1 == *.gguf ]]; then
    model=$(realpath --canonicalize-missing -- "$1")
  elif [[ -n $1 ]]; then
    model=$1
  elif [[ -s $kept ]]; then
    model=$(cat "$kept")
  else
    model=$(pick_model)
  fi
  printf '%s\n' "$model" | write_file "$kept"
}

# A number that changes with all that a part is told at its start: sources, ports, the model, memory.
part_origin() { # PART
  case $1 in
    keycloak) printf '%s %s' "$keycloak_port" "$postgresql_port" ;;
    *)
      (
        export_service_environment "$1"
        env | grep -E '^(GUILDHALL|LOGGING)_' | sort
        printf '%s\n' "$source_hash" "$java_home"
        service_java_options "$1"
      )
      ;;
  esac | sha256sum | cut -c 1-16
}

origin_file() { printf '%s/run/%s.origin' "$data_dir" "$1"; }

# What was started from other sources, or told another port or model than is right now, starts again.
stop_outdated_parts() {
  local part
  for part in "${SERVICES[@]}" keycloak; do
    living_pid "$(pid_file "$part")" >/dev/null || continue
    [[ $(cat "$(origin_file "$part")" 2>/dev/null) == "$(part_origin "$part")" ]] || stop_process "$(pid_file "$part")" 30
  done
}

down_command() {
  local index part
  while (($# > 0)); do
    case $1 in
      --data) take_data_option "$@" && shift ;;
      --help | -h) help_command down && return ;;
      *) wrong_use "down has no option '$1'" 'guildhall down --help' ;;
    esac
    shift
  done
  if [[ ! -d $data_dir/run ]]; then
    printf 'Nothing runs: there is no platform in %s.\n' "$(pretty_path "$data_dir")"
    return
  fi
  lock_data_directory 'guildhall down'
  stop_process "$(pid_file demo)" 5
  must_run_steps 'platform-api|stop_part platform-api' 'review-bot|stop_part review-bot' 'repo-indexer|stop_part repo-indexer'
  must_run_steps 'inference-node|stop_part inference-node' 'Keycloak|stop_part keycloak' 'Kafka|stop_part kafka'
  must_run_steps 'PostgreSQL|stop_part postgresql'
  # The inner ports stay this directory's own; the one that people know is for whoever starts next.
  if [[ -f $(ports_file) ]]; then
    read_settings "$(ports_file)"
    release_port "$web_port"
  fi
}

stop_part() { # PART
  local signal=TERM
  if ! living_pid "$(pid_file "$1")" >/dev/null; then
    note "$1 did not run"
    rm -f "$(pid_file "$1")"
    return
  fi
  # PostgreSQL's fast shutdown: open connections are ended, not waited for.
  if [[ $1 == postgresql ]]; then signal=INT; fi
  stop_process "$(pid_file "$1")" 30 "$signal"
  note "$1 stopped"
}

# Takes the value of --data, given as "--data DIR ...".
take_data_option() {
  [[ -n ${2:-} ]] || wrong_use '--data takes a directory'
  data_dir=$(realpath --canonicalize-missing -- "$2")
}
