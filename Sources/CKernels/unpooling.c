#pragma clang fp contract(off)

#include <string.h>

#include "CKernels.h"

bool sb_switches_in_range(const int32_t *switches, ptrdiff_t count, int32_t limit) {
    uint32_t outside = 0;
    // As unsigned numbers the negative ones are too large as well.
    for (ptrdiff_t i = 0; i < count; i++) outside |= (uint32_t)switches[i] >= (uint32_t)limit;
    return outside == 0;
}

static void unpool_sum(const float *values, const int32_t *switches, ptrdiff_t windows, float *destination) {
    for (ptrdiff_t window = 0; window < windows; window++, values += SB_LANES, switches += SB_LANES) {
        for (int lane = 0; lane < SB_LANES; lane++) {
            destination[(ptrdiff_t)switches[lane] * SB_LANES + lane] += values[lane];
        }
    }
}

static void unpool_last(const float *values, const int32_t *switches, ptrdiff_t windows, float *destination) {
    for (ptrdiff_t window = 0; window < windows; window++, values += SB_LANES, switches += SB_LANES) {
        for (int lane = 0; lane < SB_LANES; lane++) {
            destination[(ptrdiff_t)switches[lane] * SB_LANES + lane] = values[lane];
        }
    }
}

// A NaN of this pattern marks the positions that no window has chosen yet.
static const uint32_t unchosen = 0x7FC5B5B5;

static void unpool_max(const float *values, const int32_t *switches, ptrdiff_t windows, float *destination,
                       ptrdiff_t pixels) {
    float mark;
    memcpy(&mark, &unchosen, sizeof mark);
    for (ptrdiff_t i = 0; i < pixels * SB_LANES; i++) destination[i] = mark;
    for (ptrdiff_t window = 0; window < windows; window++, values += SB_LANES, switches += SB_LANES) {
        for (int lane = 0; lane < SB_LANES; lane++) {
            float *to = destination + (ptrdiff_t)switches[lane] * SB_LANES + lane;
            uint32_t bits;
            memcpy(&bits, to, sizeof bits);
            if (bits == unchosen || values[lane] > *to) *to = values[lane];
        }
    }
    for (ptrdiff_t i = 0; i < pixels * SB_LANES; i++) {
        uint32_t bits;
        memcpy(&bits, destination + i, sizeof bits);
        destination[i] = bits == unchosen ? 0 : destination[i];
    }
}

void sb_unpool(sb_overlap overlap, const float *values, const int32_t *switches, ptrdiff_t windows, float *destination,
               ptrdiff_t pixels) {
    if (overlap == SB_OVERLAP_MAX) {
        unpool_max(values, switches, windows, destination, pixels);
        return;
    }
    memset(destination, 0, (size_t)(pixels * SB_LANES) * sizeof(float));
    if (overlap == SB_OVERLAP_SUM) {
        unpool_sum(values, switches, windows, destination);
    } else {
        unpool_last(values, switches, windows, destination);
    }
}
