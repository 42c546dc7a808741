/// Functions that differ between C libraries, made from basic operations alone: the same bits everywhere.
#ifndef SWITCHBACK_CKERNELS_MATH_H
#define SWITCHBACK_CKERNELS_MATH_H

#include <stddef.h>
#include <stdint.h>

/// e^x, within 2 ulp of double: rounded to float it is within 1 ulp of the true value, nearly always the nearest.
double sb_exp(double x);

/// The same of each of some values, in place: the same bits, several at a time.
void sb_exp_each(double *_Nonnull values, ptrdiff_t count);

/// The natural logarithm of a positive number, to the same accuracy.
double sb_log(double x);

/// Softmax of `count` logits: e^(x − max) divided by their sum, in double, added up in order. `room` holds `count`.
void sb_softmax(const float *_Nonnull logits, float *_Nonnull probabilities, ptrdiff_t count, double *_Nonnull room);

typedef enum sb_activation : int32_t {
    SB_LEAKY_RELU = 0,
    SB_ELU = 1,
    SB_SIGMOID = 2,
    SB_TANH = 3,
    SB_SILU = 4,
    SB_HARD_SIGMOID = 5,
    SB_HARD_SWISH = 6,
    SB_SOFTPLUS = 7,
    SB_CLIP = 8,
} sb_activation;

/// The activation with parameters a and b (slope; alpha; alpha and beta; low and high) of each value.
void sb_activate(sb_activation kind, float a, float b, const float *_Nonnull source, float *_Nonnull destination,
                 ptrdiff_t count);

/// signal · the activation's derivative at `at`. At a kink it is the derivative on the left.
void sb_activation_adjoint(sb_activation kind, float a, float b, const float *_Nonnull signal, const float *_Nonnull at,
                           float *_Nonnull destination, ptrdiff_t count);

/// Local response normalisation across channels, of `pixels` neighbouring pixels.
typedef struct sb_normalization {
    const float *_Nonnull source;
    /// What comes back to the output, for the adjoint.
    const float *_Nullable signal;
    float *_Nonnull destination;
    /// Floats between blocks, of each of the three.
    ptrdiff_t source_block, signal_block, destination_block;
    ptrdiff_t channels, size;
    double alpha, beta, bias;
} sb_normalization;

/// Doubles of room that a call needs.
ptrdiff_t sb_normalization_room(ptrdiff_t channels, ptrdiff_t size);

/// x / (bias + alpha / size · Σ x²)^beta, in double, the sum from zero over rising channels.
void sb_normalize(const sb_normalization *_Nonnull, ptrdiff_t pixels, double *_Nonnull room);

/// The gradient: of Σ signal · output with respect to x.
void sb_normalize_adjoint(const sb_normalization *_Nonnull, ptrdiff_t pixels, double *_Nonnull room);

#endif
