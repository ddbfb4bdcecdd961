# shellcheck shell=bash
# guildhall status and guildhall logs.

STARTING_SECONDS_MAX=180

# up, starting, failed (it ended by itself, or does not answer), down.
part_health() { # PART
  local pid age
  if ! pid=$(living_pid "$(pid_file "$1")"); then
    if [[ -f $(pid_file "$1") ]]; then printf 'failed'; else printf 'down'; fi
    return
  fi
  if part_answers "$1" >/dev/null 2>&1; then
    printf 'up'
    return
  fi
  age=$(age_seconds "$pid")
  if ((${age:-0} < STARTING_SECONDS_MAX)); then printf 'starting'; else printf 'failed'; fi
}

part_answers() { # PART
  case $1 in
    postgresql) postgresql_answers ;;
    kafka) port_answers "$kafka_port" ;;
    keycloak) http_ok "$(issuer)/.well-known/openid-configuration" ;;
    *) service_is_healthy "$1" ;;
  esac
}

# Text as a JSON string.
json_text() {
  local text=$1
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  text=${text//$'\t'/\\t}
  printf '"%s"' "$text"
}

status_command() {
  local json='' part pid memory health all=0 separator=''
  while (($# > 0)); do
    case $1 in
      --json) json=1 ;;
      --data) take_data_option "$@" && shift ;;
      --help | -h) help_command status && return ;;
      *) wrong_use "status has no option '$1'" 'guildhall status --help' ;;
    esac
    shift
  done
  if [[ -f $(ports_file) ]]; then read_settings "$(ports_file)"; fi
  if [[ -n $json ]]; then
    printf '{"data":%s,"url":%s,"parts":[' "$(json_text "$data_dir")" "$(json_text "$(public_url)")"
  else
    printf '%-16s %6s %8s %10s  %s\n' part port process memory health
  fi
  for part in "${PARTS[@]}"; do
    health=$(part_health "$part")
    memory=''
    pid=$(living_pid "$(pid_file "$part")") && memory=$(resident_bytes "$pid")
    [[ $health == up ]] || all=1
    if [[ -n $json ]]; then
      printf '%s{"name":"%s","port":%s,"pid":%s,"memoryBytes":%s,"health":"%s"}' "$separator" "$part" "$(number_or_null "$(port_of "$part")")" \
        "$(number_or_null "$pid")" "$(number_or_null "$memory")" "$health"
      separator=,
    else
      printf '%-16s %6s %8s %10s  %s\n' "$part" "$(port_of "$part")" "${pid:--}" "${memory:+$(size_text "$memory")}" "$health"
    fi
  done
  if [[ -n $json ]]; then printf ']}\n'; elif ((all == 0)); then printf 'web page: %s\n' "$(public_url)"; fi
  return "$all"
}

number_or_null() { printf '%s' "${1:-null}"; }

logs_command() {
  local follow='' part='' files=()
  while (($# > 0)); do
    case $1 in
      -f | --follow) follow=1 ;;
      --data) take_data_option "$@" && shift ;;
      --help | -h) help_command logs && return ;;
      -*) wrong_use "logs has no option '$1'" 'guildhall logs --help' ;;
      *)
        [[ " ${PARTS[*]} " == *" $1 "* ]] || wrong_use "there is no part '$1'" "the parts: ${PARTS[*]}"
        part=$1
        ;;
    esac
    shift
  done
  local name
  for name in ${part:-"${PARTS[@]}"}; do
    for file in "$(output_file "$name")" "$(log_file "$name")"; do
      # A log that will be written later is followed as well.
      if [[ -s $file || ( -n $follow && $file == *.log ) ]]; then files+=("$file"); fi
    done
  done
  ((${#files[@]} > 0)) || die "no logs in $(pretty_path "$data_dir/logs")" 'guildhall up starts the platform'
  if [[ -n $follow ]]; then
    exec tail -n 20 -F -- "${files[@]}" 2>/dev/null
  elif [[ -n $part ]]; then
    cat -- "${files[@]}"
  else
    tail -n 20 -- "${files[@]}"
  fi
}
