# shellcheck shell=bash
# guildhall test: every kind of test, counted out of the reports that the tools leave.

TEST_MODEL=qwen2.5-coder-0.5b

passed_total=0
failed_total=0
checks_directory=''

test_command() {
  local kinds=() kind
  take_common_options test "$@"
  for kind in "${arguments[@]}"; do
    case $kind in
      scripts | java | web | e2e) kinds+=("$kind") ;;
      *) wrong_use "there are no tests called '$kind'" 'guildhall test --help' ;;
    esac
  done
  ((${#kinds[@]} > 0)) || kinds=(scripts java web e2e)
  # Wherever the person's own platform is, the tests have a place of theirs.
  checks_directory=$(mktemp -d "${TMPDIR:-/tmp}/guildhall-test-XXXXXXXX")
  data_dir=$checks_directory/stack
  trap end_checks EXIT
  trap 'end_descendants $$; exit 130' INT TERM
  need_test_tools "${kinds[@]}"
  for kind in "${kinds[@]}"; do
    say '' "── $kind tests"
    "check_$kind"
  done
  say ''
  printf '%d passed, %d failed\n' "$passed_total" "$failed_total"
  ((failed_total == 0 && passed_total > 0)) || exit 1
}

end_checks() {
  local part
  trap - INT TERM
  for part in keycloak kafka; do stop_process "$(pid_file "$part")" 30; done
  stop_process "$(pid_file postgresql)" 30 INT
  release_ports
  if is_root && [[ -L $(postgresql_data) ]]; then rm -rf "$(readlink "$(postgresql_data)")" "$(readlink "$(postgresql_data)").owner"; fi
  rm -rf "$checks_directory"
}

need_test_tools() {
  local tools=() kind
  for kind in "$@"; do
    case $kind in
      scripts) tools+=(shellcheck=shellcheck) ;;
      e2e) if [[ -z ${CHROMIUM:-} ]] && ! have chromium && ! have chromium-browser && ! have google-chrome; then tools+=(chromium=chromium); fi ;;
    esac
  done
  need_tools "${tools[@]}" >&2
}

count() { # PASSED FAILED
  passed_total=$((passed_total + $1))
  failed_total=$((failed_total + $2))
}

# Counts one check by its exit code.
check() { # NAME COMMAND...
  local name=$1
  shift
  if "$@" >"$checks_directory/output" 2>&1; then
    count 1 0
    say "ok      $name"
  else
    count 0 1
    say "FAILED  $name"
    sed 's/^/        /' "$checks_directory/output" >&2
  fi
}

check_scripts() {
  local script scripts=()
  while read -r script; do
    case $(head -n 1 "$script") in
      '#!'*bash* | '#!'*/sh | '# shellcheck shell=bash') scripts+=("$script") ;;
    esac
  done < <(find "$project_dir/guildhall" "$project_dir/.ci" "$project_dir/infra" -name node_modules -prune -o -type f ! -name '*.mjs' -print)
  check 'shellcheck finds nothing' shellcheck --external-sources --source-path="$project_dir" "$project_dir/guildhall"
  for script in "${scripts[@]}"; do
    case $script in
      "$project_dir/guildhall" | "$project_dir"/infra/local/*.sh) continue ;;
    esac
    check "shellcheck: ${script#"$project_dir"/}" shellcheck --external-sources --source-path="$project_dir" "$script"
  done
  for script in "$project_dir"/infra/local/tests/*.test; do
    check_functions "$script"
  done
  count_node_tests client node --test --test-reporter=spec "$project_dir"/infra/local/client/*.test.mjs
  check_compose
}

# Each function of a test file whose name begins with test_ is one test, in a shell of its own.
check_functions() { # FILE
  local name
  while read -r name; do
    check "$(basename "$1" .test): ${name#test_}" bash "$project_dir/infra/local/tests/run-one" "$1" "$name"
  done < <(sed -n 's/^\(test_[a-z0-9_]*\)().*/\1/p' "$1")
}

# Compose reads the file without a Docker engine, too.
check_compose() {
  local file=$project_dir/infra/compose/compose.yaml compose
  if docker compose version >/dev/null 2>&1; then
    compose=(docker compose)
  elif [[ $(docker-compose version --short 2>/dev/null) == 2.* ]]; then
    compose=(docker-compose)
  elif (install_compose) >"$checks_directory/output" 2>&1; then
    compose=("$(compose_prefix)/usr/bin/docker-compose")
  else
    say 'Compose is not here and could not be unpacked: compose.yaml is checked for its shape only'
    sed 's/^/        /' "$checks_directory/output" >&2
    check 'compose.yaml, by its shape' node "$project_dir/infra/compose/check.mjs" "$file"
    return
  fi
  check "compose.yaml, by ${compose[*]##*/} config" "${compose[@]}" --file "$file" --env-file "${file%/*}/example.env" config --quiet
}

compose_prefix() { printf '%s/compose' "$cache_dir"; }

install_compose() {
  [[ $(os_release ID) == debian ]] || die 'only Debian has the package docker-compose'
  with_lock "$(compose_prefix).lock" cached_directory "$(compose_prefix)" unpack_compose
}

unpack_compose() { # DIRECTORY
  unpack_packages_of_suite trixie /var/lib/dpkg/status "$1" "$POSTGRESQL_UNNEEDED" docker-compose
  "$1/usr/bin/docker-compose" version >&2
}

check_java() {
  local model_path status=0
  for_tests=1
  create_data_directory
  create_secrets
  web_port_wanted=''
  choose_ports
  source_hash=$(source_hash)
  must_run_steps 'building the services (for the model command and the tests)|build_services '"$source_hash" >&2
  must_run_steps 'PostgreSQL|start_postgresql' >&2
  must_run_steps 'Kafka|start_kafka' 'Keycloak|start_keycloak' "model $TEST_MODEL|pull_model $TEST_MODEL" >&2
  model_path=$(model_tool info "$TEST_MODEL" --models-dir "$(models_dir)" | sed -n 's/^path *//p')
  find "$project_dir" -path '*/target/*-reports/TEST-*.xml' -delete
  (
    export_value GUILDHALL_TEST_POSTGRES_URL "jdbc:postgresql://127.0.0.1:$postgresql_port/postgres"
    export GUILDHALL_TEST_POSTGRES_USER=guildhall_admin
    export_value GUILDHALL_TEST_POSTGRES_PASSWORD "$(secret postgresql-password)"
    export_value GUILDHALL_TEST_KAFKA_SERVERS "127.0.0.1:$kafka_port"
    export_value GUILDHALL_TEST_ISSUER "$(issuer)"
    export_value GUILDHALL_TEST_CLIENT_SECRET "$(secret web-client-secret)"
    export_value GUILDHALL_TEST_USER_PASSWORD "$(secret admin-password)"
    export_value GUILDHALL_TEST_MODEL "$model_path"
    export_value JAVA_HOME "$java_home"
    cd "$project_dir"
    # The pages' tests are counted by themselves.
    mvn --batch-mode --no-transfer-progress --fail-at-end -Dguildhall.web.test.skip=true verify >&2
  ) || status=1
  count_junit_reports java $status "$project_dir"
  for_tests=''
}

# Sums the reports of surefire and failsafe. A skipped test counts as failed: nobody would look at it again.
count_junit_reports() { # NAME STATUS DIRECTORY
  local tests failures errors skipped
  read -r tests failures errors skipped < <(
    find "$3" -name node_modules -prune -o -path '*/target/*-reports/TEST-*.xml' -print0 | xargs --null --no-run-if-empty cat | junit_sums
  )
  [[ ${skipped:-0} == 0 ]] || say "$skipped skipped tests are counted as failed"
  count $((tests - failures - errors - skipped)) $((failures + errors + skipped))
  if ((tests == 0)); then
    count 0 1
    say "FAILED  $1: no test ran"
  elif (($2 != 0 && failures + errors == 0)); then
    count 0 1
    say "FAILED  $1: the build itself; see the messages above"
  fi
}

# "TESTS FAILURES ERRORS SKIPPED" out of the <testsuite> elements of JUnit reports.
junit_sums() {
  awk '
    { text = text $0 "\n" }
    /<\/testsuite>/ { add() }
    END { add(); printf "%d %d %d %d\n", sum["tests"], sum["failures"], sum["errors"], sum["skipped"] }
    function add(   tag, name) {
      while (match(text, /<testsuite [^>]*>/)) {
        tag = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
        for (name in names) if (match(tag, " " name "=\"[0-9]+\"")) {
          value = substr(tag, RSTART, RLENGTH)
          gsub(/[^0-9]/, "", value)
          sum[name] += value
        }
      }
      text = ""
    }
    BEGIN { names["tests"]; names["failures"]; names["errors"]; names["skipped"] }'
}

check_web() {
  local status=0 report=$checks_directory/web.xml
  if [[ ! -f $project_dir/web-ui/package.json ]]; then
    count 0 1
    say 'FAILED  web: there is no web-ui/package.json'
    return
  fi
  (
    cd "$project_dir/web-ui"
    node scripts/install-packages.mjs
    npm test -- --reporter=default --reporter=junit --outputFile.junit="$report"
  ) >&2 || status=1
  mkdir -p "$checks_directory/web/target/vitest-reports"
  # Vitest sums up its suites in an outer element, which junit_sums does not read.
  if [[ -f $report ]]; then mv "$report" "$checks_directory/web/target/vitest-reports/TEST-web.xml"; fi
  count_junit_reports web $status "$checks_directory/web"
  check 'lint of the pages' npm --prefix "$project_dir/web-ui" run --silent lint
}

check_e2e() {
  count_node_tests e2e "$project_dir/infra/e2e/run"
}

# Runs what ends with the summary of `node --test`, and counts by it.
count_node_tests() { # NAME COMMAND...
  local name=$1 status=0 output=$checks_directory/$1.txt pass fail
  shift
  NO_COLOR=1 "$@" 2>&1 | tee "$output" >&2 || status=1
  pass=$(node_test_sum pass "$output")
  fail=$(($(node_test_sum fail "$output") + $(node_test_sum cancelled "$output") + $(node_test_sum skipped "$output")))
  count "$pass" "$fail"
  if ((pass + fail == 0)); then
    count 0 1
    say "FAILED  $name: no test ran"
  elif ((status != 0 && fail == 0)); then
    count 0 1
    say "FAILED  $name: the run itself; see the messages above"
  fi
}

# A figure of the summary at the end of `node --test`.
node_test_sum() { # NAME FILE
  local number
  number=$(sed -n "s/^ℹ $1 \([0-9]*\)\$/\1/p" "$2" | tail -n 1)
  printf '%d' "${number:-0}"
}
