/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys within the prompts: filter, search, path idle. */
#include "config.h"
#include "view/apply.h"

#include "view/lists.h"
#include "view/places.h"

static bool is_enter(uint32_t key)
{
	return key == KEY_RET || key == '\n';
}

/* The filter is taken when it compiles; otherwise it stays open with its fault shown. */
static unsigned take_filter(struct apply *a)
{
	struct view *v = a->v;
	const char *text = strbuf_text(&v->input.text);
	struct error e;
	struct filter *f = filter_compile(text, v->resolver, &e);

	v->filter_refused = f == NULL;
	if (f == NULL)
		return 0;
	filter_free(f);
	strbuf_reset(&v->filter);
	strbuf_puts(&v->filter, text);
	history_lines_add(&v->filters, text);
	marks_forget_gone(&v->marks);
	v->hold = 0;
	apply_leave(v);
	return VIEW_REQUERY | VIEW_SAMPLE_NOW;
}

unsigned apply_filter(struct apply *a)
{
	struct view *v = a->v;
	uint32_t key = a->event->key;

	if (is_enter(key))
		return take_filter(a);
	v->filter_refused = false;
	if (key == KEY_ESC)
		apply_leave(v);
	else if (key == KEYPRESS_UP)
		history_lines_recall(&v->filters, &v->input, 1);
	else if (key == KEYPRESS_DOWN)
		history_lines_recall(&v->filters, &v->input, -1);
	else
		input_key(&v->input, key);
	return 0;
}

/* Goes to the next place at or after @from where the text stands. */
static void seek(struct apply *a, size_t from)
{
	struct view *v = a->v;
	const char *text = strbuf_text(&v->input.text);
	size_t place;

	if (text[0] == '\0')
		text = strbuf_text(&v->search);
	v->search_missed = false;
	if (text[0] == '\0')
		return;
	place = search_find(v, a->t, text, from);
	v->search_missed = place == PLACE_NONE;
	if (place == PLACE_NONE)
		return;
	v->hold = HOLD_REFRESHES;
	places_select(v, a->t, place);
}

static void keep_search(struct view *v)
{
	if (v->input.text.len == 0)
		return;
	strbuf_reset(&v->search);
	strbuf_puts(&v->search, strbuf_text(&v->input.text));
}

/* Searches as it is typed; what is missed is not found by adding to it. */
static void type_search(struct apply *a, uint32_t key)
{
	struct input *in = &a->v->input;
	size_t before = in->text.len;
	bool at_end = in->at == before;

	if (!input_key(in, key))
		return;
	if (!a->v->search_missed || !at_end || in->text.len <= before)
		seek(a, a->v->cursor);
}

void apply_search_on(struct apply *a)
{
	seek(a, a->v->cursor + 1);
	keep_search(a->v);
	a->v->search_stepped = true;
}

unsigned apply_search(struct apply *a)
{
	struct view *v = a->v;
	uint32_t key = a->event->key;

	if (key == KEY_ESC) {
		apply_leave(v);
	} else if (is_enter(key)) {
		if (v->input.text.len == 0 && !v->search_stepped)
			seek(a, v->cursor + 1);
		keep_search(v);
		apply_leave(v);
	} else if (key == KEYPRESS_F1 + 2 || key == KEYPRESS_DOWN) {
		apply_search_on(a);
	} else {
		type_search(a, key);
	}
	return 0;
}

/* An empty text leaves the path as it is. */
static unsigned take_path(struct apply *a)
{
	struct view *v = a->v;
	const char *text = strbuf_text(&v->input.text);
	struct path_policy policy = v->query.path;
	struct error e;

	if (text[0] != '\0' && path_parse(text, &policy, &e) < 0)
		return 0;
	v->query.path = policy;
	apply_leave(v);
	return text[0] != '\0' ? VIEW_REQUERY : 0;
}

/* The cursor keys but Home and End, which move in the text, choose a name from the list.
 */
static bool choose_path(struct apply *a)
{
	struct view *v = a->v;
	uint32_t key = a->event->key;
	long step;

	if (key == KEYPRESS_HOME || key == KEYPRESS_END ||
		!apply_step(keymap_action(key), (long)lists_height(v), 0, &step))
		return false;
	/* the first one down is where the cursor is */
	lists_move(v, step == 1 && !v->path_chosen ? 0 : step);
	v->path_chosen = true;
	input_set(&v->input, path_device(v->pane_cursor)->name);
	return true;
}

unsigned apply_path(struct apply *a)
{
	struct view *v = a->v;
	uint32_t key = a->event->key;

	if (key == KEY_ESC)
		apply_leave(v);
	else if (is_enter(key))
		return take_path(a);
	else if (!choose_path(a) && input_key(&v->input, key))
		v->path_chosen = false;
	return 0;
}
