# shellcheck shell=bash
# Processes that Guildhall started, and the ports they listen on.
#
# A process id alone says little, since ids are used again. A pid file holds the id, the moment when that process
# started and the boot it belongs to; only when all three still hold is the process ours, and only then is it ended.

boot_id() { cat /proc/sys/kernel/random/boot_id; }

# Field 22 of /proc/PID/stat: clock ticks since boot. The command's name, field 2, may hold spaces and brackets.
start_ticks() { # PID
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  local fields
  read -ra fields <<<"$stat"
  # A zombie has ended, though its entry is still there.
  [[ ${fields[0]} != Z ]] || return 1
  printf '%s' "${fields[19]}"
}

write_pid_file() { # FILE PID
  printf '%s %s %s\n' "$2" "$(start_ticks "$2")" "$(boot_id)" | write_file "$1"
}

# Prints the id of the process that the pid file names, when it is alive and ours.
living_pid() { # FILE
  local pid ticks boot
  [[ -f $1 ]] || return 1
  read -r pid ticks boot <"$1" || return 1
  [[ $pid =~ ^[0-9]+$ && $boot == "$(boot_id)" && $(start_ticks "$pid") == "$ticks" ]] || return 1
  printf '%s' "$pid"
}

# Starts a command in the background, in a session of its own, so that an interrupt at the terminal does not reach it.
# The lock's descriptors stay behind: a service must not hold the lock of the command that started it.
start_process() { # PID_FILE OUTPUT_FILE COMMAND...
  local pid_file=$1 output=$2
  shift 2
  mkdir -p "$(dirname "$pid_file")" "$(dirname "$output")"
  rm -f "$pid_file"
  setsid "$@" </dev/null >"$output" 2>&1 3>&- 8>&- 9>&- &
  write_pid_file "$pid_file" $! 2>/dev/null || return 1
}

# Ends the process of a pid file: asks, waits, then insists. Nothing happens when it is not ours or already gone.
stop_process() { # PID_FILE GRACE_SECONDS [SIGNAL]
  local pid deadline
  if pid=$(living_pid "$1"); then
    kill -s "${3:-TERM}" "$pid" 2>/dev/null || true
    deadline=$(($(now_millis) + $2 * 1000))
    while living_pid "$1" >/dev/null; do
      if (($(now_millis) > deadline)); then
        kill -s KILL "$pid" 2>/dev/null || true
        deadline=$(($(now_millis) + 10000))
      fi
      sleep 0.1
    done
  fi
  rm -f "$1"
}

# Ends what this shell started and waits for. Services have sessions of their own and are left alone.
end_descendants() { # PID
  local child
  while read -r child; do
    [[ $(session_of "$child") == "$(session_of $$)" ]] || continue
    end_descendants "$child"
    kill -s TERM "$child" 2>/dev/null || true
  done < <(cat "/proc/$1"/task/*/children 2>/dev/null | tr ' ' '\n' | sed '/^$/d')
}

session_of() { # PID
  local stat fields
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  read -ra fields <<<"${stat##*) }"
  printf '%s' "${fields[3]}"
}

age_seconds() { # PID
  local uptime
  read -r uptime _ </proc/uptime
  printf '%d' $((${uptime%.*} - $(start_ticks "$1") / $(getconf CLK_TCK)))
}

resident_bytes() { # PID; with its children, as PostgreSQL has one process a connection
  local pid=$1 total=0 child kibibytes
  kibibytes=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null) || kibibytes=0
  total=$((${kibibytes:-0} * 1024))
  while read -r child; do
    # Shared pages would be counted once a process: a child adds only what is its own.
    kibibytes=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$child/status" 2>/dev/null) || kibibytes=0
    total=$((total + ${kibibytes:-0} * 1024))
  done < <(cat "/proc/$pid"/task/*/children 2>/dev/null | tr ' ' '\n' | sed '/^$/d')
  printf '%s' "$total"
}

# Prints the ports on which anything listens, whatever the address, out of files like /proc/net/tcp.
listening_ports() { # FILE...
  awk '$4 == "0A" { split($2, address, ":"); print address[length(address)] }' "$@" 2>/dev/null \
    | while read -r hex; do printf '%d\n' "0x$hex"; done | sort --numeric-sort --unique
}

port_is_free() { # PORT
  local listening
  listening=$(listening_ports /proc/net/tcp /proc/net/tcp6)
  ! grep -qx "$1" <<<"$listening"
}

# Ports are given out under a lock and noted with the data directory that has them, so that two copies which start
# at the same moment do not take the same one between the choice and the listening.
ports_dir() { printf '%s/ports' "$cache_dir"; }

port_is_ours_to_take() { # PORT
  local owner
  port_is_free "$1" || return 1
  owner=$(cat "$(ports_dir)/$1" 2>/dev/null) || return 0
  [[ $owner == "$data_dir" || ! -d $owner ]]
}

note_port() { # PORT
  mkdir -p "$(ports_dir)"
  printf '%s' "$data_dir" >"$(ports_dir)/$1"
  printf '%s' "$1"
}

claim_port_locked() {
  port_is_ours_to_take "$1" || return 1
  note_port "$1"
}

# Takes the port and prints it, unless a program listens there or another data directory has it.
claim_port() { with_lock "$cache_dir/ports.lock" claim_port_locked "$1"; } # PORT

take_port_locked() {
  local port=$1
  # A port that this directory has already belongs to another part of it.
  while [[ $(cat "$(ports_dir)/$port" 2>/dev/null) == "$data_dir" ]] || ! port_is_ours_to_take "$port"; do
    port=$((port + 1))
    ((port < 32768)) || die "no free port between $1 and 32767" 'end some of the programs that listen there'
  done
  note_port "$port"
}

# Takes the first port that nobody has, and prints it.
take_port() { with_lock "$cache_dir/ports.lock" take_port_locked "$1"; } # FROM

release_port() { # PORT
  local file
  file=$(ports_dir)/$1
  if [[ $(cat "$file" 2>/dev/null) == "$data_dir" ]]; then rm -f "$file"; fi
}

release_ports() {
  local file
  for file in "$(ports_dir)"/*; do
    release_port "${file##*/}"
  done
}

# Waits until a check succeeds. Gives up when the process has ended or the time is over. It asks often, while the
# processor has better to do: nothing but the pause is a process of its own.
wait_until_healthy() { # PID_FILE SECONDS CHECK...
  local pid seconds=$2 deadline
  pid=$(living_pid "$1") || return 1
  shift 2
  deadline=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    is_running "$pid" || return 1
    ((SECONDS < deadline)) || return 2
    sleep 0.4
  done
}

# A process that has ended and was not waited for yet does not run.
is_running() { # PID
  local stat
  read -r stat <"/proc/$1/stat" && [[ ${stat##*) } != Z* ]]
} 2>/dev/null

# The shell's own means, for machines without curl, and quicker than starting it.
port_answers() { # PORT
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Asked several times a second while parts start: again without a process of its own.
http_ok() { # http://127.0.0.1:PORT/PATH
  local rest=${1#http://127.0.0.1:} status=''
  exec 3<>"/dev/tcp/127.0.0.1/${rest%%/*}" || return 1
  printf 'GET /%s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n\r\n' "${rest#*/}" "${rest%%/*}" >&3
  read -r -t 5 _ status _ <&3 || true
  exec 3>&-
  [[ $status == 200 ]]
} 2>/dev/null
