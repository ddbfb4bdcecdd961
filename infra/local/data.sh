# shellcheck shell=bash
# The data directory: secrets, ports, pid files, logs, and the state of every part.

PARTS=(postgresql kafka keycloak inference-node repo-indexer review-bot platform-api)

pid_file() { printf '%s/run/%s.pid' "$data_dir" "$1"; }

# What a part logs, bounded by the part itself; and what its process prints beside that, which is little.
log_file() { printf '%s/logs/%s.log' "$data_dir" "$1"; }

output_file() { printf '%s/logs/%s.out' "$data_dir" "$1"; }

create_data_directory() {
  mkdir -p "$data_dir" 2>/dev/null || die "the data directory $data_dir cannot be made" 'choose another with --data DIR'
  [[ -w $data_dir ]] || die "the data directory $data_dir cannot be written" 'choose another with --data DIR'
  chmod 711 "$data_dir"
  mkdir -p -m 700 "$data_dir/run" "$data_dir/logs"
}

SECRETS=(
  postgresql_password keycloak_database_password keycloak_admin_password
  platform_database_password indexer_database_password review_bot_database_password
  web_client_secret platform_client_secret indexer_client_secret review_bot_client_secret inference_client_secret
  encryption_key api_key admin_password
)

secrets_file() { printf '%s/secrets' "$data_dir"; }

# Reads NAME=VALUE lines into variables of those names. Values are words without quotes, by construction.
read_settings() { # FILE
  local name value
  while IFS='=' read -r name value; do
    [[ $name =~ ^[a-z_]+$ ]] && printf -v "$name" '%s' "$value"
  done <"$1"
}

# Makes the secrets that are not there yet; those of the first start stay.
create_secrets() {
  local file name value
  file=$(secrets_file)
  if [[ -f $file ]]; then read_settings "$file"; fi
  for name in "${SECRETS[@]}"; do
    [[ -z ${!name:-} ]] || continue
    case $name in
      admin_password) value=$(random_words) ;;
      api_key) value=gh_$(random_hex 24) ;;
      encryption_key) value=$(random_hex 32) ;;
      *) value=${secret_of_all_clients:-} && [[ -n $value && $name == *_client_secret ]] || value=$(random_hex 24) ;;
    esac
    printf -v "$name" '%s' "$value"
  done
  for name in "${SECRETS[@]}"; do printf '%s=%s\n' "$name" "${!name}"; done | write_file "$file" 600
}

PORTS=(postgresql kafka kafka_controller keycloak keycloak_management inference indexer review_bot)
PORT_FIRST=18100

ports_file() { printf '%s/ports' "$data_dir"; }

# Whether the port belongs to a part of this data directory that runs now.
port_is_in_use_by_us() { # PORT_NAME
  local part=$1
  case $part in
    kafka_controller) part=kafka ;;
    keycloak_management) part=keycloak ;;
    web) part=platform-api ;;
    indexer) part=repo-indexer ;;
    review_bot) part=review-bot ;;
    inference) part=inference-node ;;
  esac
  living_pid "$(pid_file "$part")" >/dev/null
}

# Keeps the ports of the last start; one that another program took meanwhile is replaced.
choose_ports() {
  local name variable next=$PORT_FIRST
  if [[ -f $(ports_file) ]]; then read_settings "$(ports_file)"; fi
  for name in "${PORTS[@]}"; do
    variable=${name}_port
    if [[ -n ${!variable:-} ]] && { port_is_in_use_by_us "$name" || port_is_ours_to_take "${!variable}"; }; then continue; fi
    printf -v "$variable" '%s' "$(take_port "$next")"
    next=$((${!variable} + 1))
  done
  choose_web_port
  write_ports
}

# The web port: the one asked for, else the last one, else 8080, else the next one that is free.
choose_web_port() {
  local wanted=${web_port_wanted:-${web_port:-8080}}
  if port_is_in_use_by_us web; then
    [[ $wanted == "$web_port" ]] || die "Guildhall runs on port $web_port already" "guildhall down, then guildhall up --port $wanted"
    return
  fi
  if port_is_ours_to_take "$wanted"; then
    web_port=$(take_port "$wanted")
  elif [[ -n ${web_port_wanted:-} ]]; then
    die "port $wanted is taken by another program" 'choose another one with --port'
  else
    web_port=$(take_port $((wanted + 1)))
    say "port $wanted is taken by another program: the web page will be on port $web_port"
  fi
}

write_ports() {
  local name variable
  for name in "${PORTS[@]}" web; do
    variable=${name}_port
    printf '%s=%s\n' "$variable" "${!variable}"
  done | write_file "$(ports_file)"
}

# Says why a part did not start: the last lines of its own log, and what to do.
part_failed() { # PART REASON(1 ended, 2 too slow)
  local part=$1 file reason='ended while it started'
  [[ $2 == 1 ]] || reason='did not become ready in time'
  say "$part $reason. The end of its log:"
  for file in "$(output_file "$part")" "$(log_file "$part")"; do
    if [[ -s $file ]]; then tail -n 20 "$file" | sed 's/^/    /' >&2; fi
  done
  stop_process "$(pid_file "$part")" 5
  die "$part $reason" "the whole log: guildhall logs $part; then try again: guildhall up"
}
