/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the libFuzzer targets share. */
#ifndef KATOP_TESTS_FUZZ_H
#define KATOP_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* libFuzzer's door: judges one input, returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for every input; a finding says where it did not. */
#define FUZZ_HOLDS(truth)                                                                \
	do {                                                                             \
		if (!(truth)) {                                                          \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__,          \
				__LINE__, #truth);                                       \
			abort();                                                         \
		}                                                                        \
	} while (0)

#endif
