# shellcheck shell=bash
# The data directory: secrets, ports, pid files, logs, and the state of every part.

# In the order of their start.
PARTS=(postgresql kafka keycloak inference-node repo-indexer review-bot platform-api)

pid_file() { printf '%s/run/%s.pid' "$data_dir" "$1"; }

# What a part logs, bounded by the part itself; and what its process prints beside that, which is little.
log_file() { printf '%s/logs/%s.log' "$data_dir" "$1"; }

output_file() { printf '%s/logs/%s.out' "$data_dir" "$1"; }

create_data_directory() {
  mkdir -p "$data_dir" 2>/dev/null || die "the data directory $data_dir cannot be made" 'choose another with --data DIR'
  [[ -w $data_dir ]] || die "the data directory $data_dir cannot be written" 'choose another with --data DIR'
  chmod 711 "$data_dir"
  mkdir -p "$data_dir/run" "$data_dir/logs" "$data_dir/secrets"
  chmod 700 "$data_dir/run" "$data_dir/logs" "$data_dir/secrets"
}

SECRETS=(
  postgresql-password keycloak-database-password keycloak-admin-password
  platform-database-password indexer-database-password review-bot-database-password
  web-client-secret platform-client-secret indexer-client-secret review-bot-client-secret inference-client-secret
  secret-key api-key admin-password
)

secret() { cat "$data_dir/secrets/$1"; } # NAME

# Makes the secrets that are not there yet; those of the first start stay.
create_secrets() {
  local name
  for name in "${SECRETS[@]}"; do
    [[ -s $data_dir/secrets/$name ]] || new_secret "$name" | write_file "$data_dir/secrets/$name" 600
  done
}

new_secret() { # NAME
  case $1 in
    admin-password) random_words ;;
    api-key) printf 'gh_%s' "$(random_hex 24)" ;;
    secret-key) head -c 32 /dev/urandom | base64 --wrap 0 ;;
    *-client-secret) if [[ -n $for_tests ]]; then printf 'secret-of-every-client'; else random_hex 24; fi ;;
    *) random_hex 24 ;;
  esac
}

# Reads NAME=VALUE lines into variables of those names.
read_settings() { # FILE
  local name value
  while IFS='=' read -r name value; do
    if [[ $name =~ ^[a-z_]+$ ]]; then printf -v "$name" '%s' "$value"; fi
  done <"$1"
}

postgresql_port='' kafka_port='' kafka_controller_port='' keycloak_port='' keycloak_management_port=''
inference_port='' indexer_port='' review_bot_port='' web_port=''

# The port asked for by --port.
web_port_wanted=''

# Not empty: the realm has the tests' users, and every client the same secret.
for_tests=''

PORTS=(postgresql kafka kafka_controller keycloak keycloak_management inference indexer review_bot)
PORT_FIRST=18100

ports_file() { printf '%s/ports' "$data_dir"; }

# Whether the port belongs to a part of this data directory that runs now.
port_is_in_use_by_us() { # PORT_NAME
  local part
  case $1 in
    kafka_controller) part=kafka ;;
    keycloak_management) part=keycloak ;;
    web) part=platform-api ;;
    indexer) part=repo-indexer ;;
    review_bot) part=review-bot ;;
    inference) part=inference-node ;;
    *) part=$1 ;;
  esac
  living_pid "$(pid_file "$part")" >/dev/null
}

port_of() { # PART
  case $1 in
    platform-api) printf '%s' "$web_port" ;;
    repo-indexer) printf '%s' "$indexer_port" ;;
    review-bot) printf '%s' "$review_bot_port" ;;
    inference-node) printf '%s' "$inference_port" ;;
    postgresql) printf '%s' "$postgresql_port" ;;
    kafka) printf '%s' "$kafka_port" ;;
    keycloak) printf '%s' "$keycloak_port" ;;
  esac
}

public_url() { printf 'http://localhost:%s' "$web_port"; }

# Keeps the ports of the last start; one that another program took meanwhile is replaced.
choose_ports() {
  local name variable next=$PORT_FIRST
  if [[ -f $(ports_file) ]]; then read_settings "$(ports_file)"; fi
  for name in "${PORTS[@]}"; do
    variable=${name}_port
    if [[ -n ${!variable:-} ]] && { port_is_in_use_by_us "$name" || claim_port "${!variable}" >/dev/null; }; then continue; fi
    printf -v "$variable" '%s' "$(take_port "$next")"
    next=$((${!variable} + 1))
  done
  if [[ -n $for_tests ]]; then web_port=$(take_port "$next"); else choose_web_port; fi
  write_ports
}

# The web port: the one asked for, else the last one, else 8080, else the next one that is free.
choose_web_port() {
  local wanted=${web_port_wanted:-${web_port:-8080}}
  if port_is_in_use_by_us web; then
    [[ $wanted == "$web_port" ]] || die "Guildhall runs on port $web_port already" "guildhall down, then guildhall up --port $wanted"
    return
  fi
  if claim_port "$wanted" >/dev/null; then
    web_port=$wanted
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

# The last lines that say something: a stack trace's frames do not.
log_end() { tail -n 400 "$1" | sed -E '/^[[:space:]]+(at |\.\.\. [0-9]+ )/d' | tail -n 20; }

# Says why a part did not start: the last lines of its own log, and what to do.
part_failed() { # PART REASON(1 ended, 2 too slow)
  local part=$1 file reason='ended while it started'
  [[ $2 == 1 ]] || reason='did not become ready in time'
  say "$part $reason. The end of its log:"
  for file in "$(output_file "$part")" "$(log_file "$part")"; do
    if [[ -s $file ]]; then log_end "$file" | sed 's/^/    /' >&2; fi
  done
  stop_process "$(pid_file "$part")" 5
  die "$part $reason" "the whole log: guildhall logs $part; then try again: guildhall up"
}
