#ifndef ATOLL_CURVE_CHECK_H
#define ATOLL_CURVE_CHECK_H

// 0 when the curve kernel of that name agrees with the portable one, or is none of this machine; says what differs.
int curve_check(const char *name);

#endif
