/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a table of GetExtendedTcpTable(); the first one chooses the layout. */
#include "config.h"
#include "fuzz.h"

#include <string.h>

#include "collect/windows/tcp_rows.h"
#include "model/path.h"
#include "out/json.h"
#include "table/table.h"

static void write_json(struct snapshot *snap)
{
	struct table_query query = {
		.all_states = true, .families = FAMILY_ANY, .path = path_default()
	};
	struct json_writer *w = json_writer_new(NULL, true);
	struct table table = { 0 };
	struct sink sink = { 0 };

	table_fill(&table, snap, &query);
	json_write_sample(w, &sink, &table, &query.path);
	sink_clear(&sink);
	table_clear(&table);
	json_writer_free(w);
}

static void read_rows(const struct tcp_rows *rows)
{
	struct snapshot snap = { 0 };
	bool cut;
	size_t count = tcp_rows_count(rows, &cut);

	snapshot_reset(&snap);
	for (size_t i = 0; i < count; i++) {
		struct tcp_row row;

		tcp_rows_get(rows, i, &row);
		FUZZ_HOLDS(row.conn.state < STATE_COUNT && row.conn.id != 0);
		FUZZ_HOLDS(row.conn.local.family == row.conn.peer.family);
		FUZZ_HOLDS(row.conn.have == 0);
		*snapshot_add(&snap) = row.conn;
	}
	write_json(&snap);
	snapshot_clear(&snap);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tcp_rows rows = { .layout = TCP_ROWS_V4_PID };
	uint8_t *exact;

	if (size == 0)
		return 0;
	exact = malloc(size > 1 ? size - 1 : 1);
	memcpy(exact, data + 1, size - 1);
	rows.layout = (enum tcp_rows_layout)(data[0] % TCP_ROWS_LAYOUTS);
	rows.bytes = exact;
	rows.size = size - 1;
	read_rows(&rows);
	free(exact);
	return 0;
}
