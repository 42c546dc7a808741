#pragma clang fp contract(off)

#include "CKernels.h"

void sb_softmax(const float *logits, float *probabilities, ptrdiff_t count, double *room) {
    float greatest = logits[0];
    for (ptrdiff_t i = 1; i < count; i++) greatest = logits[i] > greatest ? logits[i] : greatest;
    for (ptrdiff_t i = 0; i < count; i++) room[i] = (double)logits[i] - (double)greatest;
    sb_exp_each(room, count);
    double sum = 0;
    for (ptrdiff_t i = 0; i < count; i++) sum += room[i];
    for (ptrdiff_t i = 0; i < count; i++) probabilities[i] = (float)(room[i] / sum);
}
