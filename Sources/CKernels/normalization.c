#pragma clang fp contract(off)

#include "CKernels.h"

// The square root is among the operations that IEEE 754 rounds exactly.
static double power(double base, double exponent) {
    if (exponent == 0.75) {
        const double root = __builtin_sqrt(base);
        return root * __builtin_sqrt(root);
    }
    if (exponent == 0.5) return __builtin_sqrt(base);
    if (exponent == 1.0) return base;
    return sb_exp(exponent * sb_log(base));
}

static float *lane(float *base, ptrdiff_t block, ptrdiff_t channel) {
    return base + channel / SB_LANES * block + channel % SB_LANES;
}

static float value(const float *base, ptrdiff_t block, ptrdiff_t channel) {
    return base[channel / SB_LANES * block + channel % SB_LANES];
}

ptrdiff_t sb_normalization_room(ptrdiff_t channels, ptrdiff_t size) { return 3 * (channels + size); }

// What each channel of a pixel is divided by, before the power; `room` holds squares, zero on both sides.
static void denominators(const sb_normalization *n, ptrdiff_t pixel, double *squares, double *results) {
    const ptrdiff_t before = (n->size - 1) / 2;
    const double factor = n->alpha / (double)n->size;
    for (ptrdiff_t i = 0; i < n->channels + n->size; i++) squares[i] = 0;
    for (ptrdiff_t c = 0; c < n->channels; c++) {
        const double x = value(n->source + pixel * SB_LANES, n->source_block, c);
        squares[before + c] = x * x;
    }
    for (ptrdiff_t c = 0; c < n->channels; c++) {
        double sum = 0;
        for (ptrdiff_t i = 0; i < n->size; i++) sum += squares[c + i];
        results[c] = n->bias + factor * sum;
    }
}

// Lanes past the channels are zero.
static void clear_rest(const sb_normalization *n, float *destination) {
    const ptrdiff_t end = (n->channels + SB_LANES - 1) / SB_LANES * SB_LANES;
    for (ptrdiff_t c = n->channels; c < end; c++) *lane(destination, n->destination_block, c) = 0;
}

void sb_normalize(const sb_normalization *n, ptrdiff_t pixels, double *room) {
    double *squares = room, *results = room + n->channels + n->size;
    for (ptrdiff_t pixel = 0; pixel < pixels; pixel++) {
        const float *source = n->source + pixel * SB_LANES;
        float *destination = n->destination + pixel * SB_LANES;
        denominators(n, pixel, squares, results);
        for (ptrdiff_t c = 0; c < n->channels; c++) {
            const double x = value(source, n->source_block, c);
            *lane(destination, n->destination_block, c) = (float)(x / power(results[c], n->beta));
        }
        clear_rest(n, destination);
    }
}

void sb_normalize_adjoint(const sb_normalization *n, ptrdiff_t pixels, double *room) {
    const ptrdiff_t length = n->channels + n->size, after = n->size - 1 - (n->size - 1) / 2;
    double *weighted = room, *results = room + length, *powers = results + length;
    const double factor = 2.0 * n->beta * n->alpha / (double)n->size;
    for (ptrdiff_t pixel = 0; pixel < pixels; pixel++) {
        const float *source = n->source + pixel * SB_LANES, *signal = n->signal + pixel * SB_LANES;
        float *destination = n->destination + pixel * SB_LANES;
        denominators(n, pixel, weighted, results);
        for (ptrdiff_t i = 0; i < length; i++) weighted[i] = 0;
        for (ptrdiff_t c = 0; c < n->channels; c++) {
            const double r = value(signal, n->signal_block, c), x = value(source, n->source_block, c);
            powers[c] = power(results[c], n->beta);
            weighted[after + c] = r * x / (powers[c] * results[c]);
        }
        // Channel c is in the windows of the channels c − after ... c + before.
        for (ptrdiff_t c = 0; c < n->channels; c++) {
            double sum = 0;
            for (ptrdiff_t i = 0; i < n->size; i++) sum += weighted[c + i];
            const double r = value(signal, n->signal_block, c), x = value(source, n->source_block, c);
            *lane(destination, n->destination_block, c) = (float)(r / powers[c] - factor * x * sum);
        }
        clear_rest(n, destination);
    }
}
