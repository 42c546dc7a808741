// What all comparisons share: the digest of the results, and the end of the program where bits differ.
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

static const char *const names[] = {"scalar", "avx2", "avx512", "neon", "wide-test"};

static uint64_t digest = 14695981039346656037u;
static long long compared;

static uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void fold(const float *values, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) digest = (digest ^ bits_of(values[i])) * 1099511628211u;
}

// Exits if a variant's results differ from the scalar ones.
static void check(const char *what, sb_instruction_set set, const float *expected, const float *found,
                  ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        if (bits_of(found[i]) == bits_of(expected[i])) continue;
        printf("%s, %s: value %td is %a, not %a\n", what, names[set], i, found[i], expected[i]);
        exit(1);
    }
    compared += count;
}
