/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "base/decimal.h"

size_t decimal_digits(uint64_t n)
{
	size_t count = 1;

	for (; n >= 10000; n /= 10000)
		count += 4;
	return count + (n >= 10) + (n >= 100) + (n >= 1000);
}

char *decimal_put(char *to, uint64_t n)
{
	char *end, *at;

	if (n < 10) {
		*to = (char)('0' + n);
		return to + 1;
	}
	end = at = to + decimal_digits(n);
	do
		*--at = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	return end;
}
