# shellcheck shell=bash
# Steps: work that is announced, timed, and shown as one line when it is done.

STEP_WIDTH=50

# In a step's function: what its line says when it is done, and how far it is meanwhile.
step_dir=''
note() { [[ -z $step_dir ]] || printf '%s' "$1" >"$step_dir/note"; }
progress() { [[ -z $step_dir ]] || printf '%s' "$1" >"$step_dir/progress"; }

step_line() { # MARK TEXT MILLISECONDS
  local padding=$((STEP_WIDTH - ${#2}))
  ((padding > 1)) || padding=1
  printf ' %s %s%*s%8s\n' "$1" "$2" "$padding" '' "$(seconds_text "$3")"
}

clear_line() { if [[ -t 1 ]]; then printf '\r\033[K'; fi; }

# One line at the terminal that is written over: what runs, and for how long.
show_running() { # TEXT...
  local text="$*" columns
  columns=$(tput cols 2>/dev/null) || columns=80
  ((${#text} < columns - 4)) || text=${text:0:columns-4}
  printf '\r\033[K … %s' "$text"
}

# Runs steps side by side, each "TEXT|FUNCTION ARGUMENTS". A step's output goes to a file that is shown when it fails;
# then the command ends. Never call this after `if`, or before `||`: there the shell lets a step go on after its first
# failing command.
must_run_steps() {
  local steps=("$@") directory index step pids=() started running failed=0 texts elapsed state text
  directory=$(mktemp -d)
  started=$(now_millis)
  for index in "${!steps[@]}"; do
    mkdir "$directory/$index"
    (
      step_dir=$directory/$index
      # The lock belongs to the command, not to its steps.
      exec >"$step_dir/output" 2>&1 9>&-
      trap 'echo $? >"$step_dir/status.new"; mv "$step_dir/status.new" "$step_dir/status"' EXIT
      read -ra words <<<"${steps[index]#*|}"
      "${words[@]}"
    ) &
    pids[index]=$!
  done
  running=${#steps[@]}
  while ((running > 0)); do
    texts=()
    elapsed=$(($(now_millis) - started))
    for index in "${!steps[@]}"; do
      [[ -n ${pids[index]:-} ]] || continue
      step=$directory/$index
      text=${steps[index]%%|*}
      if [[ -f $step/status ]] || ! kill -0 "${pids[index]}" 2>/dev/null; then
        wait "${pids[index]}" 2>/dev/null || true
        unset "pids[index]"
        running=$((running - 1))
        state=$(cat "$step/status" 2>/dev/null) || state=1
        if [[ -f $step/note ]]; then text=$(cat "$step/note"); fi
        clear_line
        if [[ $state == 0 ]]; then
          step_line ✓ "$text" "$elapsed"
        else
          failed=1
          step_line ✗ "$text" "$elapsed"
          tail -n 40 "$step/output" | sed 's/^/   /' >&2
        fi
        continue
      fi
      if [[ -f $step/progress ]]; then text+="  $(cat "$step/progress")"; fi
      texts+=("$text")
    done
    if ((running > 0)); then
      if [[ -t 1 ]]; then
        printf -v text '%s · ' "${texts[@]}"
        show_running "${text% · }  $(seconds_text "$elapsed")"
      fi
      sleep 0.25
    fi
  done
  rm -rf "$directory"
  ((failed == 0)) || exit 1
}
