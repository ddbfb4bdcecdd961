# shellcheck shell=bash
# The four services: their environment, their Java options, their start.

# One role a service; it owns its schema, and finds the extensions in a schema that they share.
service_database() {
  create_role guildhall_platform "$(secret platform-database-password)"
  create_role guildhall_indexer "$(secret indexer-database-password)"
  create_role guildhall_review_bot "$(secret review-bot-database-password)"
  if [[ $(sql postgres <<<"select 1 from pg_database where datname = 'guildhall'") != 1 ]]; then
    sql postgres <<<'create database guildhall'
  fi
  sql guildhall <"$project_dir/infra/postgresql/schemas.sql"
}

# Exports the environment of a service. Only ever called in a subshell.
export_service_environment() { # SERVICE
  local service=$1 short
  case $service in
    platform-api) short=platform ;;
    repo-indexer) short=indexer ;;
    inference-node) short=inference ;;
    *) short=$service ;;
  esac
  export GUILDHALL_ADDRESS=127.0.0.1
  export_value GUILDHALL_PORT "$(port_of "$service")"
  export_value GUILDHALL_KAFKA_SERVERS "127.0.0.1:$kafka_port"
  export_value GUILDHALL_ISSUER "$(issuer)"
  export_value GUILDHALL_CLIENT_ID "$service"
  export_value GUILDHALL_CLIENT_SECRET "$(secret "$short-client-secret")"
  export_value GUILDHALL_INDEXER_URL "http://127.0.0.1:$indexer_port"
  export_value GUILDHALL_REVIEW_BOT_URL "http://127.0.0.1:$review_bot_port"
  export_value GUILDHALL_INFERENCE_URL "http://127.0.0.1:$inference_port"
  export_value GUILDHALL_STATE_DIR "$data_dir/$service"
  export_value GUILDHALL_MODEL "$model"
  export GUILDHALL_EMBEDDING_MODEL=${GUILDHALL_EMBEDDING_MODEL:-$EMBEDDING_MODEL}
  export GUILDHALL_CONTEXT_TOKENS=${GUILDHALL_CONTEXT_TOKENS:-16384}
  # Here a person waits for the start, and their first question warms the node up as well.
  export GUILDHALL_WARM_UP_TOKENS=${GUILDHALL_WARM_UP_TOKENS:-0}
  if [[ $service != inference-node ]]; then
    export_value GUILDHALL_DATABASE_URL "jdbc:postgresql://127.0.0.1:$postgresql_port/guildhall"
    export_value GUILDHALL_DATABASE_USER "guildhall_${short//-/_}"
    export_value GUILDHALL_DATABASE_PASSWORD "$(secret "$short-database-password")"
  fi
  case $service in
    platform-api)
      export GUILDHALL_WEB_CLIENT_ID=guildhall-web
      export_value GUILDHALL_WEB_CLIENT_SECRET "$(secret web-client-secret)"
      export_value GUILDHALL_PUBLIC_URL "$(public_url)"
      export_value GUILDHALL_API_KEY_SHA256 "$(secret api-key | sha256sum | cut -d ' ' -f 1)"
      export_value GUILDHALL_SECRET_KEY "$(secret secret-key)"
      ;;
    inference-node) export_value GUILDHALL_MODELS_DIR "$(models_dir)" ;;
  esac
  export SPRING_MAIN_BANNER_MODE=off
  # Each service bounds its own log; its standard output holds only what comes before logging, or in spite of it.
  export_value LOGGING_FILE_NAME "$(log_file "$service")"
  export LOGGING_THRESHOLD_CONSOLE=OFF LOGGING_LOGBACK_ROLLINGPOLICY_MAXFILESIZE=10MB
  export LOGGING_LOGBACK_ROLLINGPOLICY_MAXHISTORY=3 LOGGING_LOGBACK_ROLLINGPOLICY_TOTALSIZECAP=30MB
}

# A failing command in the value's place ends the shell, as it would not in `export NAME=$(…)`.
export_value() { # NAME VALUE
  printf -v "$1" '%s' "$2"
  export "${1?}"
}

# The size of the model's file; a gibibyte where it is not known.
model_file_bytes() {
  local file bytes=0
  for file in "$(models_dir)/$model"*.gguf "$model"; do
    ((bytes > 0)) || bytes=$(weights_bytes "$file")
  done
  ((bytes > 0)) || bytes=1073741824
  printf '%s' "$bytes"
}

# Only the inference node computes: the others wait for databases and models most of the time, and the second compiler
# would cost them half of their start.
service_java_options() { # SERVICE
  printf '%s\n' -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -Dfile.encoding=UTF-8
  case $1 in
    platform-api) printf '%s\n' -Xmx384m -XX:TieredStopAtLevel=1 ;;
    repo-indexer) printf '%s\n' -Xmx512m -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED ;;
    review-bot) printf '%s\n' -Xmx512m -XX:TieredStopAtLevel=1 ;;
    inference-node)
      # What is hot is hot enough to be found a little later.
      engine_java_options "$(model_file_bytes)"
      printf '%s\n' -XX:CompileThresholdScaling=2 --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED
      ;;
  esac
}

# Classes laid out in memory as this JDK wants them, made once for a build: a service starts in a third of the time.
aot_cache() { # SERVICE
  printf '%s/%s.%s.aot' "$(build_dir "$source_hash")" "$1" "$(jdk_version "$java_home")"
}

# Brings a service up to the point where it would begin to serve, with the real database, and keeps what it loaded.
train_service() { # SERVICE
  local service=$1 cache options
  cache=$(aot_cache "$service")
  readarray -t options < <(service_java_options "$service")
  (
    export_service_environment "$service"
    export_value LOGGING_FILE_NAME "$data_dir/logs/$service.training.log"
    cd /
    timeout 180 "$java_home/bin/java" "${options[@]}" -XX:AOTCacheOutput="$cache.new" -Dspring.context.exit=onRefresh \
      -jar "$(build_dir "$source_hash")/$service/$service.jar"
  ) >&2 || { say "$service starts without a class cache: see logs/$service.training.log" && rm -f "$cache.new" && return; }
  mv "$cache.new" "$cache"
}

# Two at a time: each takes half a gibibyte for a while.
train_services() {
  local service running=()
  for service in "${SERVICES[@]}"; do
    [[ -f $(aot_cache "$service") ]] && continue
    train_service "$service" &
    running+=($!)
    if ((${#running[@]} == 2)); then
      wait "${running[@]}"
      running=()
    fi
  done
  if ((${#running[@]} > 0)); then wait "${running[@]}"; fi
}

services_are_trained() {
  local service
  for service in "${SERVICES[@]}"; do
    [[ -f $(aot_cache "$service") ]] || return 1
  done
}

launch_service() { # SERVICE
  local service=$1 cache options
  living_pid "$(pid_file "$service")" >/dev/null && return 0
  cache=$(aot_cache "$service")
  readarray -t options < <(service_java_options "$service")
  if [[ -f $cache ]]; then options+=("-XX:AOTCache=$cache" -Xlog:aot=off -Xlog:cds=off); fi
  mkdir -p "$data_dir/$service"
  part_origin "$service" | write_file "$(origin_file "$service")"
  (
    export_service_environment "$service"
    cd /
    start_process "$(pid_file "$service")" "$(output_file "$service")" "$java_home/bin/java" "${options[@]}" \
      -jar "$(build_dir "$source_hash")/$service/$service.jar"
  )
}

start_service() { # SERVICE
  note "$1"
  launch_service "$1"
  wait_until_healthy "$(pid_file "$1")" 240 service_is_healthy "$1" || part_failed "$1" $?
}

service_is_healthy() { http_ok "http://127.0.0.1:$(port_of "$1")/actuator/health"; }
