/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decimal numbers, written by hand: printf() costs more than the rest of a table's row.
 */
#ifndef KATOP_BASE_DECIMAL_H
#define KATOP_BASE_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

/* The digits of UINT64_MAX. */
#define DECIMAL_SIZE 20

/* The digits that @n takes. */
size_t decimal_digits(uint64_t n);

/* Writes @n at @to, without a NUL, at most DECIMAL_SIZE bytes; returns the end. */
char *decimal_put(char *to, uint64_t n);

#endif
