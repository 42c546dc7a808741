#pragma once

/// Does `rounds` rounds of fused multiply-adds in independent chains, in the widest vectors that this processor has, and
/// returns how many multiply-adds that were: nothing can do more of them in the time.
double peak_multiply_adds(long rounds);
