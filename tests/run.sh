#!/usr/bin/env bash
# Installs what the tests need, builds Release, runs every test project and prints the counts last:
# N passed, N failed, N skipped. Fails when anything failed or when nothing ran.
#   ./tests/run.sh              everything
#   ./tests/run.sh Runs Web     these projects alone
#   ./tests/run.sh --fast       what takes under two minutes
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = --fast ]; then set -- Experiments Evaluation Learning; fi
projects=()
for name in "$@"; do
  [ -d "tests/Pneumothorax.Lab.$name.Tests" ] || { echo "There is no test project $name. There are: $(ls -d tests/*.Tests | sed 's/.*Lab\.\(.*\)\.Tests/\1/' | xargs)."; exit 2; }
  projects+=("tests/Pneumothorax.Lab.$name.Tests")
done
[ ${#projects[@]} -gt 0 ] || projects=(tests/*.Tests)

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
dotnet restore Pneumothorax.Lab.sln || dotnet restore Pneumothorax.Lab.sln
dotnet build Pneumothorax.Lab.sln --configuration Release --no-restore
# The build holds the style of the code; this holds spaces, line ends and the order of usings.
dotnet format whitespace Pneumothorax.Lab.sln --verify-no-changes --no-restore --exclude '**/Migrations/**'

passed=0 failed=0 skipped=0
# Each test project is a program of its own; its last lines read "Total: 12, Errors: 0, Failed: 0, Skipped: 1, ...".
count() { sed -n "s/^ .*Total: .*$1: \([0-9]*\).*/\1/p" "$2" | tail -n 1; }
for project in "${projects[@]}"; do
  name=$(basename "$project")
  status=0
  dotnet "$project/bin/Release/net10.0/$name.dll" -noColor >"$log/$name" 2>&1 || status=$?
  t=$(sed -n 's/^ .*Total: \([0-9]*\), Errors.*/\1/p' "$log/$name" | tail -n 1)
  f=$(count Failed "$log/$name") e=$(count Errors "$log/$name") s=$(count Skipped "$log/$name")
  bad=$((${f:-0} + ${e:-0}))
  # A test process that crashed counts as one failure, so that it cannot pass unseen.
  if [ "$status" != 0 ] && [ "$bad" = 0 ]; then bad=1; t=$((${t:-0} + 1)); fi
  if [ "$bad" != 0 ]; then
    # libtorch repeats its word on this processor for every network; it would bury what failed.
    grep -v NNPACK "$log/$name" || true
    { echo "$name, exit $status:"; grep -A 24 '\[FAIL\]' "$log/$name" | grep -v NNPACK || tail -n 20 "$log/$name"; } >>"$log/failures"
  else
    tail -n 1 "$log/$name"
  fi
  passed=$((passed + ${t:-0} - bad - ${s:-0})) failed=$((failed + bad)) skipped=$((skipped + ${s:-0}))
done

# Once more at the end, where a reader of a long log looks.
[ ! -f "$log/failures" ] || cat "$log/failures"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
