#!/usr/bin/env bash
# Installs what the tests need, builds Release, runs every test project and prints the counts last:
# N passed, N failed, N skipped. Fails when anything failed or when nothing ran.
#   ./tests/run.sh              everything
#   ./tests/run.sh Runs Web     these projects alone
#   ./tests/run.sh --fast       what takes under two minutes
# LAB_TEST_LANES says how many projects run at a time: 2 unless it is set. Each has ports and folders of its own.
# LAB_TEST_SEED, a number, shuffles the tests of each project: their order must not matter.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = --fast ]; then set -- Experiments Evaluation Classroom Learning; fi
projects=()
for name in "$@"; do
  [ -d "tests/Pneumothorax.Lab.$name.Tests" ] || { echo "There is no test project $name. There are: $(ls -d tests/*.Tests | sed 's/.*Lab\.\(.*\)\.Tests/\1/' | xargs)."; exit 2; }
  projects+=("tests/Pneumothorax.Lab.$name.Tests")
done
if [ ${#projects[@]} = 0 ]; then
  # The longest first, so that no project goes on alone at the end; then any that this list does not know.
  for name in Browser Web Runs Cli Learning Datasets; do projects+=("tests/Pneumothorax.Lab.$name.Tests"); done
  for project in tests/*.Tests; do [[ " ${projects[*]} " == *" $project "* ]] || projects+=("$project"); done
fi

log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT

# The browser tests drive Debian's Chromium; the reference tests read evaluation.h5 and weights as a student would, in Python and in a
# notebook, and event files as TensorBoard would, with its schema.
missing=()
command -v chromium >/dev/null || missing+=(chromium)
/usr/bin/python3 -c 'import h5py, sklearn, torch, PIL' 2>/dev/null || missing+=(python3-h5py python3-sklearn python3-torch python3-pil)
/usr/bin/python3 -c 'import crc32c, google.protobuf' 2>/dev/null || missing+=(python3-crc32c python3-protobuf)
/usr/bin/python3 -c 'import nbclient, ipykernel, matplotlib' 2>/dev/null || missing+=(python3-nbclient python3-ipykernel python3-matplotlib)
command -v protoc >/dev/null || missing+=(protobuf-compiler)
command -v dcmj2pnm >/dev/null || missing+=(dcmtk)
# Tests start servers of their own; what Debian starts along with the packages is not used.
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
[ -x /usr/sbin/nginx ] || missing+=(nginx)
if [ ${#missing[@]} -gt 0 ]; then
  sudo=$([ "$(id -u)" = 0 ] || echo sudo)
  if command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]} ..."
    $sudo apt-get update -qq
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$log/apt" 2>&1 \
      || { tail -n 20 "$log/apt"; exit 1; }
  else
    echo "Not Debian: install Chromium, DCMTK, h5py, scikit-learn, PyTorch, protoc, PostgreSQL, nginx and Python's protobuf and crc32c yourself, or the tests that need them fail or are skipped."
  fi
fi

# A restore can fail once for no reason of ours; nothing else is tried again.
began=$SECONDS
dotnet restore Pneumothorax.Lab.sln || dotnet restore Pneumothorax.Lab.sln
dotnet build Pneumothorax.Lab.sln --configuration Release --no-restore
built=$SECONDS
# The build holds the style of the code; this holds spaces and line ends. By files: loading the solution would take twice as long.
dotnet format whitespace . --folder --verify-no-changes --exclude '**/Migrations/**'
echo "Restored and built in $((built - began)) s, spaces checked in $((SECONDS - built)) s."

# Each test project is a program of its own. Much of a test is waiting, so two projects at a time fill two cores.
run_project() {
  local name status=0 from=$SECONDS
  name=$(basename "$1")
  dotnet "$1/bin/Release/net10.0/$name.dll" ${LAB_TEST_SEED:+":$LAB_TEST_SEED"} -noColor >"$log/$name" 2>&1 || status=$?
  echo "$status" >"$log/$name.status"
  echo "$((SECONDS - from)) s: $(tail -n 1 "$log/$name")"
}
export -f run_project
export log
# Most of these processes live for seconds: measuring their code for a better compilation costs more than it gains.
export DOTNET_TieredPGO=0
printf '%s\0' "${projects[@]}" | xargs -0 -n 1 -P "${LAB_TEST_LANES:-2}" bash -c 'run_project "$1"' run_project

passed=0 failed=0 skipped=0
# The last lines of a test program read "Total: 12, Errors: 0, Failed: 0, Skipped: 1, ...".
count() { sed -n "s/^ .*Total: .*$1: \([0-9]*\).*/\1/p" "$2" | tail -n 1; }
for project in "${projects[@]}"; do
  name=$(basename "$project")
  status=$(cat "$log/$name.status")
  t=$(sed -n 's/^ .*Total: \([0-9]*\), Errors.*/\1/p' "$log/$name" | tail -n 1)
  f=$(count Failed "$log/$name") e=$(count Errors "$log/$name") s=$(count Skipped "$log/$name")
  bad=$((${f:-0} + ${e:-0}))
  # A test process that crashed counts as one failure, so that it cannot pass unseen.
  if [ "$status" != 0 ] && [ "$bad" = 0 ]; then bad=1; t=$((${t:-0} + 1)); fi
  if [ "$bad" != 0 ]; then
    # libtorch repeats its word on this processor for every network; it would bury what failed.
    grep -v NNPACK "$log/$name" || true
    { echo "$name, exit $status:"; grep -A 24 '\[FAIL\]' "$log/$name" | grep -v NNPACK || tail -n 20 "$log/$name"; } >>"$log/failures"
  fi
  passed=$((passed + ${t:-0} - bad - ${s:-0})) failed=$((failed + bad)) skipped=$((skipped + ${s:-0}))
done

# Once more at the end, where a reader of a long log looks.
[ ! -f "$log/failures" ] || cat "$log/failures"
echo "All of it took $((SECONDS / 60)) min $((SECONDS % 60)) s."
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
