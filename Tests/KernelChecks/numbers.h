// Numbers drawn at random, the same in every run, and the arrays of the case at hand.
#pragma once
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t state = 20131112;

static uint32_t next(void) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33);
}

static ptrdiff_t between(ptrdiff_t low, ptrdiff_t high) {
    return low + (ptrdiff_t)(next() % (uint32_t)(high - low + 1));
}

// The arrays of the case at hand, and how many they are.
static void *held[24];
static int holding;

static float *room(ptrdiff_t count) {
    void *array = calloc((size_t)count, sizeof(float));
    if (!array) puts("no memory"), exit(2);
    return held[holding++] = array;
}

static void release(void) {
    while (holding > 0) free(held[--holding]);
}

// Values from -scale to scale, of which one in 16 is a zero of either sign.
static float *numbers(ptrdiff_t count, float scale) {
    float *values = room(count);
    for (ptrdiff_t i = 0; i < count; i++) {
        const float value = (float)((int32_t)next() - (1 << 30)) / (float)(1 << 30) * scale;
        values[i] = next() % 16 == 0 ? copysignf(0, value) : value;
    }
    return values;
}

// In one case of eight, NaN for one of the values.
static void spoil(float *values, ptrdiff_t count) {
    if (between(0, 7) == 0) values[between(0, count - 1)] = NAN;
}

// 1, or so little that the products are subnormal.
static float some_scale(void) { return between(0, 3) == 0 ? 0x1p-66f : 1; }
