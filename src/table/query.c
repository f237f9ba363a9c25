/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "table/query.h"

#include <stdio.h>

void query_scope(const struct table_query *query, struct prefilter *out)
{
	bool hide = !query->all_states &&
		    (query->filter == NULL || !filter_names_state(query->filter));

	*out = (struct prefilter){
		.states = hide ? STATES_ALL & ~STATES_MINOR : STATES_ALL,
		.families = query->families != 0 ? query->families : FAMILY_ANY,
	};
}

void query_prefilter(const struct table_query *query, struct prefilter *out)
{
	struct prefilter scope;

	query_scope(query, &scope);
	if (query->filter == NULL) {
		*out = scope;
		return;
	}
	filter_prefilter(query->filter, out);
	out->states &= scope.states;
	out->families &= scope.families;
}

void query_adopt_path(struct path_policy *path, const struct snapshot *snap)
{
	if (snap->path_idle_ms == PATH_UNSAID)
		return;
	path->limit_ms = snap->path_idle_ms;
	path->data_only = snap->path_data_only;
	snprintf(path->name, sizeof(path->name), "%s", snap->path_name);
}
