#pragma clang fp contract(off)

#include "CKernels.h"

static double sigmoid(double x) {
    // Of the two forms the one that does not overflow.
    if (x >= 0) return 1.0 / (1.0 + sb_exp(-x));
    const double e = sb_exp(x);
    return e / (1.0 + e);
}

static double hyperbolic_tangent(double x) {
    const double size = x < 0 ? -x : x;
    if (size > 20) return x < 0 ? -1.0 : 1.0;
    // Near 0 the quotient loses digits: the series to the 7th power is exact enough for a float there.
    if (size < 0.02) {
        const double z = x * x;
        return x + x * z * (-1.0 / 3.0 + z * (2.0 / 15.0 - z * 17.0 / 315.0));
    }
    const double e = sb_exp(2.0 * x);
    return (e - 1.0) / (e + 1.0);
}

// e^x − 1 for x at most 0.
static double exponential_less_one(double x) {
    if (x > -0.01) return x + x * x * (0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x / 120.0)));
    return sb_exp(x) - 1.0;
}

// ln(1 + e^x)
static double softplus(double x) {
    const double e = sb_exp(x < 0 ? x : -x);
    const double tail = e < 0.001 ? e - e * e * (0.5 - e * (1.0 / 3.0 - e * 0.25)) : sb_log(1.0 + e);
    return x < 0 ? tail : x + tail;
}

static double clip(double x, double low, double high) {
    x = x < low ? low : x;
    return high < x ? high : x;
}

static double value_of(sb_activation kind, double a, double b, double x) {
    switch (kind) {
    case SB_LEAKY_RELU: return x < 0 ? a * x : x;
    case SB_ELU: return x < 0 ? a * exponential_less_one(x) : x;
    case SB_SIGMOID: return sigmoid(x);
    case SB_TANH: return hyperbolic_tangent(x);
    case SB_SILU: return x * sigmoid(x);
    case SB_HARD_SIGMOID: return clip(a * x + b, 0, 1);
    case SB_HARD_SWISH: return x * clip(x / 6.0 + 0.5, 0, 1);
    case SB_SOFTPLUS: return softplus(x);
    case SB_CLIP: return clip(x, a, b);
    }
    return x;
}

static double slope_of(sb_activation kind, double a, double b, double x) {
    switch (kind) {
    case SB_LEAKY_RELU: return x > 0 ? 1 : a;
    case SB_ELU: return x > 0 ? 1 : a * sb_exp(x);
    case SB_SIGMOID: {
        const double s = sigmoid(x);
        return s * (1.0 - s);
    }
    case SB_TANH: {
        const double t = hyperbolic_tangent(x);
        return 1.0 - t * t;
    }
    case SB_SILU: {
        const double s = sigmoid(x);
        return s * (1.0 + x * (1.0 - s));
    }
    case SB_HARD_SIGMOID: return a * x + b > 0 && a * x + b < 1 ? a : 0;
    case SB_HARD_SWISH: return x <= -3 ? 0 : x > 3 ? 1 : x / 3.0 + 0.5;
    case SB_SOFTPLUS: return sigmoid(x);
    case SB_CLIP: return x > a && x <= b ? 1 : 0;
    }
    return 1;
}

void sb_activate(sb_activation kind, float a, float b, const float *source, float *destination, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        const float x = source[i];
        destination[i] = x == x ? (float)value_of(kind, a, b, x) : x;
    }
}

void sb_activation_adjoint(sb_activation kind, float a, float b, const float *signal, const float *at,
                           float *destination, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        destination[i] = (float)((double)signal[i] * slope_of(kind, a, b, at[i]));
    }
}
