/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/text.h"

#include <string.h>

size_t text_decode(const char *p, size_t len, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *u = (const unsigned char *)p;
	size_t n;
	uint32_t c;

	if (len == 0)
		return 0;
	if (u[0] < 0x80) {
		*code = u[0];
		return 1;
	}
	n = u[0] >= 0xf0 ? 4 : u[0] >= 0xe0 ? 3 : 2;
	if (u[0] < 0xc2 || u[0] > 0xf4 || len < n)
		return 0;
	c = u[0] & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (u[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*code = c;
	return n;
}

size_t text_encode(char *out, uint32_t code)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3f));
		out[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3f));
	out[2] = (char)(0x80 | (code >> 6 & 0x3f));
	out[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

struct range {
	uint32_t first, last;
};

/* Combining marks that a process or user name may carry (Unicode blocks, abridged). */
static const struct range zero_wide[] = {
	{ 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x0610, 0x061a },
	{ 0x064b, 0x065f }, { 0x0900, 0x0902 }, { 0x093c, 0x093c }, { 0x0941, 0x0948 },
	{ 0x094d, 0x094d }, { 0x0e31, 0x0e31 }, { 0x0e34, 0x0e3a }, { 0x0e47, 0x0e4e },
	{ 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x20d0, 0x20ff }, { 0x302a, 0x302d },
	{ 0x3099, 0x309a }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xe0100, 0xe01ef },
};

/* East Asian wide and emoji (Unicode EastAsianWidth W and F, abridged to blocks). */
static const struct range two_wide[] = {
	{ 0x1100, 0x115f },   { 0x231a, 0x231b },   { 0x2329, 0x232a },
	{ 0x23e9, 0x23ec },   { 0x25fd, 0x25fe },   { 0x2614, 0x2615 },
	{ 0x2648, 0x2653 },   { 0x267f, 0x267f },   { 0x2693, 0x2693 },
	{ 0x26a1, 0x26a1 },   { 0x26aa, 0x26ab },   { 0x26bd, 0x26be },
	{ 0x26c4, 0x26c5 },   { 0x26ce, 0x26ce },   { 0x26d4, 0x26d4 },
	{ 0x26ea, 0x26ea },   { 0x26f2, 0x26f3 },   { 0x26f5, 0x26f5 },
	{ 0x26fa, 0x26fa },   { 0x26fd, 0x26fd },   { 0x2705, 0x2705 },
	{ 0x270a, 0x270b },   { 0x2728, 0x2728 },   { 0x274c, 0x274c },
	{ 0x274e, 0x274e },   { 0x2753, 0x2755 },   { 0x2757, 0x2757 },
	{ 0x2795, 0x2797 },   { 0x27b0, 0x27b0 },   { 0x27bf, 0x27bf },
	{ 0x2b1b, 0x2b1c },   { 0x2b50, 0x2b50 },   { 0x2b55, 0x2b55 },
	{ 0x2e80, 0x303e },   { 0x3041, 0x33ff },   { 0x3400, 0x4dbf },
	{ 0x4e00, 0x9fff },   { 0xa000, 0xa4cf },   { 0xa960, 0xa97c },
	{ 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },   { 0xfe30, 0xfe6f },
	{ 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },   { 0x16fe0, 0x18aff },
	{ 0x1b000, 0x1b2ff }, { 0x1f004, 0x1f004 }, { 0x1f0cf, 0x1f0cf },
	{ 0x1f18e, 0x1f18e }, { 0x1f191, 0x1f19a }, { 0x1f200, 0x1f320 },
	{ 0x1f32d, 0x1f335 }, { 0x1f337, 0x1f37c }, { 0x1f37e, 0x1f393 },
	{ 0x1f3a0, 0x1f3ca }, { 0x1f3cf, 0x1f3d3 }, { 0x1f3e0, 0x1f3f0 },
	{ 0x1f3f4, 0x1f3f4 }, { 0x1f3f8, 0x1f43e }, { 0x1f440, 0x1f440 },
	{ 0x1f442, 0x1f4fc }, { 0x1f4ff, 0x1f53d }, { 0x1f54b, 0x1f54e },
	{ 0x1f550, 0x1f567 }, { 0x1f57a, 0x1f57a }, { 0x1f595, 0x1f596 },
	{ 0x1f5a4, 0x1f5a4 }, { 0x1f5fb, 0x1f64f }, { 0x1f680, 0x1f6c5 },
	{ 0x1f6cc, 0x1f6cc }, { 0x1f6d0, 0x1f6d2 }, { 0x1f6d5, 0x1f6df },
	{ 0x1f6eb, 0x1f6ec }, { 0x1f6f4, 0x1f6fc }, { 0x1f7e0, 0x1f7eb },
	{ 0x1f90c, 0x1f9ff }, { 0x1fa70, 0x1faff }, { 0x20000, 0x3fffd },
};

/* What disturbs without being seen: format characters, separators, private use. */
static const struct range invisible[] = {
	{ 0x0000, 0x001f }, { 0x007f, 0x009f }, { 0x00ad, 0x00ad }, { 0x034f, 0x034f },
	{ 0x061c, 0x061c }, { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f },
	{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x3164, 0x3164 },
	{ 0xe000, 0xf8ff }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb },
	{ 0xfffe, 0xffff }, { 0xe0000, 0xe00ff }, { 0xf0000, 0x10ffff },
};

static bool in_ranges(const struct range *table, size_t count, uint32_t code)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (code > table[mid].last)
			low = mid + 1;
		else
			high = mid;
	}
	return low < count && code >= table[low].first;
}

#define IN(table, code) in_ranges(table, sizeof(table) / sizeof(table[0]), code)

int text_code_width(uint32_t code)
{
	if (code < 0x300)
		return 1;
	if (IN(zero_wide, code))
		return 0;
	return IN(two_wide, code) ? 2 : 1;
}

size_t text_width(const char *text)
{
	size_t width = 0, len, used;
	uint32_t code;

	while ((unsigned char)(text[width] - 1) < 0x7f)
		width++; /* ASCII, nearly always all of it */
	if (text[width] == '\0')
		return width;
	text += width;
	len = strlen(text);
	for (; len > 0; text += used, len -= used) {
		used = text_decode(text, len, &code);
		width += used > 0 ? (size_t)text_code_width(code) : 1;
		if (used == 0)
			used = 1;
	}
	return width;
}

size_t text_cut(const char *text, size_t cells)
{
	size_t left = strlen(text), at = 0, width = 0, used;
	uint32_t code;

	for (; left > 0; at += used, left -= used) {
		used = text_decode(text + at, left, &code);
		width += used > 0 ? (size_t)text_code_width(code) : 1;
		if (width > cells)
			break;
		if (used == 0)
			used = 1;
	}
	return at;
}

size_t text_make_harmless(char *to, size_t size, const char *from, size_t len)
{
	size_t out = 0, used;
	uint32_t code;

	for (; len > 0; from += used, len -= used) {
		used = text_decode(from, len, &code);
		if (used == 0 || IN(invisible, code)) {
			used = used > 0 ? used : 1;
			if (out + 2 > size)
				break;
			to[out++] = '?';
			continue;
		}
		if (out + used + 1 > size)
			break;
		memcpy(to + out, from, used);
		out += used;
	}
	if (size > 0)
		to[out] = '\0';
	return out;
}

bool text_is_harmless(const char *text)
{
	size_t len = strlen(text), used;
	uint32_t code;

	for (; len > 0; text += used, len -= used) {
		used = text_decode(text, len, &code);
		if (used == 0 || IN(invisible, code))
			return false;
	}
	return true;
}

/* Whether a word is a unit of time: s, min, "s," or "h.". */
static bool is_unit(const char *word)
{
	static const char *const units[] = { "us", "ms", "s", "min", "h", "d" };
	size_t len = strcspn(word, " .,:;)");

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strlen(units[i]) == len && strncmp(word, units[i], len) == 0)
			return true;
	return false;
}

bool text_may_break(const char *text, size_t at)
{
	bool number = at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9';

	return text[at] == ' ' && !(number && is_unit(text + at + 1));
}

bool text_contains(const char *hay, const char *needle)
{
	for (;; hay++) {
		size_t i = 0;

		while (needle[i] != '\0' && text_lower(hay[i]) == text_lower(needle[i]))
			i++;
		if (needle[i] == '\0')
			return true;
		if (*hay == '\0')
			return false;
	}
}
