#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make fuzz: each target for SECONDS from its seeds and from what earlier runs found in
# this build tree. A finding stops it, with the input's name and how to repeat it.
set -u

seconds=$1
seeds=$2
shift 2

for target; do
	name=${target##*/fuzz-}
	corpus=tests/fuzz/corpus/$name
	log=tests/fuzz/$name.log
	mkdir -p "$corpus"
	if ! "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
		-max_len=16384 -print_final_stats=1 -artifact_prefix=tests/fuzz/"$name"- \
		"$corpus" "$seeds/$name" >"$log" 2>&1 </dev/null; then
		tail -n 60 "$log"
		echo "fuzz $name: a finding: $target $(pwd)/tests/fuzz/$name-*" >&2
		exit 1
	fi
	awk -v name="$name" '
		{ for (i = 1; i < NF; i++) if ($i == "cov:") edges = $(i + 1) }
		/number_of_executed_units/ { runs = $2 }
		END { printf "fuzz %-8s %10d executions, %6d edges\n", name, runs, edges }
	' "$log"
done
