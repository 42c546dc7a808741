// e^x and ln x in double from additions, multiplications, divisions and shifts of the exponent: IEEE 754 rounds each of
// them alike on every processor, which it does not ask of a library's exp.
#pragma clang fp contract(off)

#include <string.h>

#include "CKernels.h"

static double from_bits(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t to_bits(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

// ln 2 in two parts; the first has 21 trailing zero bits, so that n · it is exact.
static const double ln2_high = 0x1.62e42fee00000p-1;
static const double ln2_low = 0x1.a39ef35793c76p-33;

// e^r − 1 by Taylor's series to the 13th power, of one value or of several: the next term is below 2^-57 of the sum.
#define SERIES(sum, r) \
    sum = 1.0 / 6227020800.0; \
    sum = sum * r + 1.0 / 479001600.0; \
    sum = sum * r + 1.0 / 39916800.0; \
    sum = sum * r + 1.0 / 3628800.0; \
    sum = sum * r + 1.0 / 362880.0; \
    sum = sum * r + 1.0 / 40320.0; \
    sum = sum * r + 1.0 / 5040.0; \
    sum = sum * r + 1.0 / 720.0; \
    sum = sum * r + 1.0 / 120.0; \
    sum = sum * r + 1.0 / 24.0; \
    sum = sum * r + 1.0 / 6.0; \
    sum = sum * r + 0.5; \
    sum = sum * r * r + r

double sb_exp(double x) {
    if (x != x) return x;
    if (x > 709.0) return x > 709.7827128933840 ? from_bits(0x7FF0000000000000) : sb_exp(x - 1.0) * 0x1.5bf0a8b145769p+1;
    if (x < -708.0) return x < -745.2 ? 0.0 : sb_exp(x + 64.0) * 0x1.969d47321e4ccp-93;
    // x = n · ln 2 + r with |r| at most half of ln 2.
    const double shifted = x * 0x1.71547652b82fep+0 + 0x1.8p52;
    const double n = shifted - 0x1.8p52;
    const double r = (x - n * ln2_high) - n * ln2_low;
    double sum;
    SERIES(sum, r);
    return (1.0 + sum) * from_bits((uint64_t)((int64_t)n + 1023) << 52);
}

#define MANY 8
typedef double doubles __attribute__((ext_vector_type(MANY)));
typedef int64_t words __attribute__((ext_vector_type(MANY)));

// As sb_exp, step by step, where none of the values is at an end of what is finite, or no number.
static void exp_within(double *values) {
    doubles x;
    memcpy(&x, values, sizeof x);
    const doubles shifted = x * 0x1.71547652b82fep+0 + 0x1.8p52;
    const doubles n = shifted - 0x1.8p52;
    const doubles r = (x - n * ln2_high) - n * ln2_low;
    doubles sum;
    SERIES(sum, r);
    // The last bits of `shifted` are n.
    words exponent;
    memcpy(&exponent, &shifted, sizeof exponent);
    exponent = (exponent + 1023) << 52;
    doubles scale;
    memcpy(&scale, &exponent, sizeof scale);
    x = (1.0 + sum) * scale;
    memcpy(values, &x, sizeof x);
}

void sb_exp_each(double *values, ptrdiff_t count) {
    ptrdiff_t i = 0;
    for (; i + MANY <= count; i += MANY) {
        bool is_within = true;
        for (int k = 0; k < MANY; k++) is_within &= values[i + k] >= -708.0 && values[i + k] <= 709.0;
        if (is_within) {
            exp_within(values + i);
        } else {
            for (int k = 0; k < MANY; k++) values[i + k] = sb_exp(values[i + k]);
        }
    }
    for (; i < count; i++) values[i] = sb_exp(values[i]);
}

double sb_log(double x) {
    if (!(x > 0.0)) return x == 0.0 ? -from_bits(0x7FF0000000000000) : from_bits(0x7FF8000000000000);
    if (x == from_bits(0x7FF0000000000000)) return x;
    double scale = 0.0;
    if (x < 0x1p-1022) {
        x = x * 0x1p54;
        scale = -54.0;
    }
    // x = 2^n · m with m between √½ and √2.
    uint64_t bits = to_bits(x);
    int64_t n = (int64_t)(bits >> 52) - 1023;
    double m = from_bits((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
    if (m > 0x1.6a09e667f3bcdp+0) {
        m = m * 0.5;
        n++;
    }
    // ln m = 2 artanh(s), s = (m − 1) / (m + 1), |s| below 0.172: terms to s^23.
    const double s = (m - 1.0) / (m + 1.0), z = s * s;
    double sum = 1.0 / 23.0;
    sum = sum * z + 1.0 / 21.0;
    sum = sum * z + 1.0 / 19.0;
    sum = sum * z + 1.0 / 17.0;
    sum = sum * z + 1.0 / 15.0;
    sum = sum * z + 1.0 / 13.0;
    sum = sum * z + 1.0 / 11.0;
    sum = sum * z + 1.0 / 9.0;
    sum = sum * z + 1.0 / 7.0;
    sum = sum * z + 1.0 / 5.0;
    sum = sum * z + 1.0 / 3.0;
    const double tail = 2.0 * s * z * sum, whole = (double)n + scale;
    return whole * ln2_high + (2.0 * s + (tail + whole * ln2_low));
}
